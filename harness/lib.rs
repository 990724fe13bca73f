//! **alhena-conformance** proves whether a build of the Alhena website SDK keeps the promises of
//! the Cart & Checkout Event API, in real browsers, from the shopper's click to the backend's
//! ledger.
//!
//! # Data flow
//!
//! ```text
//!  fixtures/  pages/  an SDK build + its profile
//!         │
//!    plan      scenarios × axes → cases                              plan, scenario, sdk
//!         │
//!    drive     browser ──► storefront (pages, script gate)           run, browser, storefront
//!         │           └──► backend (wiremock behind a gateway)       backend
//!         │
//!    evidence  one bundle an attempt, on one clock                   evidence
//!         │
//!    reading   ledger, called events and their matching, timeline    reading
//!         │
//!    judge     small checks over a reading → findings                judge
//!         │
//!    verdict   findings of all attempts + known failures → verdicts  verdict
//!         │
//!    report    what is stored, compared and merged                   report
//!         │
//!    render    terminal, Markdown, HTML; JUnit, GitHub, CTRF         render
//! ```
//!
//! Only *drive* touches the world. Everything after it is a pure function of stored evidence: it is
//! tested without a browser, and an old run can be judged and rendered again.
//!
//! # Rooms
//!
//! A room uses only rooms above it in this table. The `mod.rs` of each describes what it does and
//! how to add the thing that it holds.
//!
//! | room | what it holds |
//! | --- | --- |
//! | `input`, `text`, `output` | reading files with line numbers; cutting text; writing files |
//! | `contract` | requirements, events, fields, checks and what each check needs |
//! | `sdk` | the build under test, its profile, the snippet, mutants |
//! | `scenario` | the scenario format: steps and axes |
//! | `plan` | cases, selection, claims, shards, the coverage floor |
//! | `evidence` | what one attempt left behind |
//! | `reading` | what that evidence says, computed once |
//! | `judge` | one small function for each check |
//! | `verdict` | status, bearing, attempts, known failures |
//! | `storefront`, `backend` | the servers of the shop and of the API |
//! | `browser` | engines, and what a shopper does on a page |
//! | `run` | schedules cases on sessions and drives them |
//! | `discover` | looks at a build that nobody has described |
//! | `explore` | journeys: the model of the contract, generator, shrinker |
//! | `report` | the stored report: model, merge, mask, compare, baseline |
//! | `render` | every format |
//! | `prove` | self-test, blame, generated mutants, stability |
//! | `simulate` | a Grid whose nodes have no browsers, for `bench` |
//! | `serve`, `explain`, `cli` | the shop for a person's browser; what an id means; the commands |
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
