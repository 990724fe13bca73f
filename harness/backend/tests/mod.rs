//! The backend over loopback, as a browser would reach it: what is recorded, what is answered, and
//! which connections break.

mod answers;
mod client;
mod connections;
mod door;
mod hosts;
mod proxy;
mod questions;
