//! What a requirement, a check or a scenario is, for somebody who meets its id in a report: what is
//! promised, what is asked, how such a bug happens, and how it is fixed. Pure.

mod library;
mod page;

pub use library::Library;
