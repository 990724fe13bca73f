//! **alhena-conformance** proves whether a build of the Alhena website SDK keeps the promises of
//! the Cart & Checkout Event API, in real browsers, from the shopper's click to the backend's
//! ledger.
//!
//! `harness/README.md` shows how data flows through the program. The `README.md` of the project
//! lists the modules, which are called rooms.
//!
//! # Three ideas
//!
//! 1. **The backend is the oracle.** While a page unloads, no browser API sees every request that
//!    it sends. The server does. It commits a request before it answers.
//! 2. **A case is isolated by its origin, not by its browser.** Each attempt gets host names of its
//!    own (`c7.shop.localhost`). So storage, workers and host cookies are empty at no cost, and a
//!    session is kept from case to case.
//! 3. **No sleeps.** A wait is for a ledger entry or for a signal of the page. That *nothing* was
//!    sent is proved: a later event that must arrive follows the same path, then the page is left,
//!    then late requests count during a settle time in which other cases run. (A scenario that
//!    shows what an SDK does by a timer stays on its page, and declares so.)

pub mod api;
pub mod cli;

mod backend;
mod browser;
mod contract;
mod discover;
mod evidence;
mod explain;
mod explore;
mod input;
mod judge;
mod output;
mod plan;
mod prove;
mod reading;
mod render;
mod report;
mod run;
mod scenario;
mod sdk;
mod serve;
mod simulate;
mod storefront;
mod text;
mod verdict;
