//! What a program beside the command line, such as a test in `tests/`, may use by itself: it loads
//! a suite, starts the servers and drives single cases.

pub use crate::browser::{
    Driver, DriverUrl, EngineRef, Located, Page, Session, Until, default_engine, engine_named,
    install_plan, locate,
};
pub use crate::input::Files;
pub use crate::plan::{Case, Patterns};
pub use crate::run::{RunEvent, RunOptions, Runner, Sessions, Stage, drive};
pub use crate::scenario::Suite;
pub use crate::sdk::{Installation, Profile};
