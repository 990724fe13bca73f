//! The API's side: wiremock behind a small gateway, the proxy that routes the vendor's hosts there,
//! and the account of every request, the oracle of every verdict.
//!
//! May use `contract`, `evidence`, `scenario` and `sdk`. Knows no browser and no check.
//!
//! A request is written into its account *before* it is answered, and belongs to a case by its
//! host, or by the origin of the page that asks, never by its payload.
//!
//! `answering.rs` replaces the wiremock server from time to time, because each keeps every request
//! that it answered: a run of ten thousand cases stays in the same memory.
//!
//! All servers listen on loopback. Where browsers run on other machines, the proxies of their
//! sessions listen for them, and `door.rs` decides whom they carry.
//!
//! # To add a fault of the backend
//!
//! 1. Add a variant to `BackendState` in `scenario`; the compiler lists what follows.
//! 2. If an HTTP server can answer so, write the answer in `responder.rs`; if a connection has to
//!    break, act it out in `gateway.rs`. Record the request in the account first, with the
//!    [`Decision`](crate::evidence::Decision) that is true.
//! 3. Test it over loopback in `tests/`.

mod account;
mod answering;
mod certificates;
mod door;
mod gateway;
mod head;
mod names;
mod private;
mod proxy;
mod responder;
mod server;
mod target;
#[cfg(test)]
mod tests;
mod tunnel;

pub use account::Account;
pub use private::PrivateGateway;
pub use proxy::SessionProxy;
pub use server::Backend;
