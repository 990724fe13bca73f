//! The fixture shop: serves `pages/` with the snippet and the SDK installed as a scenario asks, and
//! holds the SDK's script back until the scenario lets it through.
//!
//! May use `input`, `evidence`, `scenario` and `sdk`. Knows no browser and no check.
//!
//! # To add a page
//!
//! Put the HTML into `pages/`, with the bundled snippet byte for byte and the marker line of the
//! SDK below it; `/name` serves `name.html`. Name it in the test of `page.rs` that looks for both.
//! A new way to install the SDK is a fragment in `pages/install/` and a variant of `Load`.

mod inline;
mod page;
mod server;
mod shop;

pub use page::{BESIDE, PageError, Pages, Variant};
pub use server::{Storefront, TRIAL, file_of};
pub use shop::Shop;
