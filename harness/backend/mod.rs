//! The API's side: wiremock behind a small gateway, the proxy that leads the vendor's hosts there,
//! and the account of every request, the oracle of every verdict.
//!
//! A request is written into its account *before* it is answered, and belongs to a case by its
//! host, or by the origin of the page that asks, never by its payload.

mod account;
mod certificates;
mod gateway;
mod head;
mod proxy;
mod responder;
mod server;
#[cfg(test)]
mod tests;

pub use account::Account;
pub use proxy::ProxyDoor;
pub use server::{Backend, PrivateDoor};
