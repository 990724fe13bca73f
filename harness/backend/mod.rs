//! The API's side: wiremock behind a small gateway, and the account of every request, the oracle of every verdict.
//!
//! A request is written into its account *before* it is answered, and belongs to a case by its host, never by its payload.

mod account;
mod gateway;
mod responder;
mod server;
#[cfg(test)]
mod tests;

pub use account::Account;
pub use server::{Backend, PrivateDoor};
