//! **alhena-conformance** proves whether a build of the Alhena website SDK keeps the promises of
//! the Cart & Checkout Event API, in real browsers, from the shopper's click to the backend's
//! ledger.
//!
//! # The way of the data
//!
//! ```text
//!  fixtures/  pages/  an SDK build + its profile
//!         │
//!    plan: scenarios × axes → cases                         scenario   (pure)
//!         │
//!    drive: browser ──────► storefront (pages, gated SDK)   run, browser, storefront
//!               └─────────► backend (wiremock ledger)       backend
//!         │
//!    evidence: one bundle a case, on one clock              evidence   (pure data)
//!         │
//!    judge: checks over evidence → findings                 judge      (pure)
//!         │
//!    report: terminal · JSON · HTML · JUnit · compare …      report     (pure)
//! ```
//!
//! The data never flows back. Only *drive* touches the world; everything after it is a function of
//! evidence, so it is tested without a browser. `run` asks `judge` and `known` one thing, whether a
//! case must be tried again before what it shows is believed; `report` reads what `run`, `judge`
//! and `known` found.
//!
//! # Three ideas
//!
//! 1. **The backend is the oracle.** While a page goes away no browser API sees every request it
//!    sends; the server does. It writes a request down before it answers. 2. **A case is isolated
//!    by its origin, not by its browser.** Each attempt gets host names of its own
//!    (`c7.shop.localhost`), so storage, workers and host cookies begin empty at no cost, and a
//!    session is kept from case to case. 3. **Nothing is guessed by sleeping.** A wait is for a
//!    ledger entry or a signal of the page. That *nothing* was sent is proved by an event that must
//!    arrive after it, by leaving the page, and by a quiet time in which other cases run. (A
//!    scenario that shows what an SDK does by a timer stays on its page, and says so.)

pub mod api;
pub mod cli;

mod backend;
mod browser;
mod contract;
mod evidence;
mod explain;
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
mod storefront;
mod text;
mod verdict;
