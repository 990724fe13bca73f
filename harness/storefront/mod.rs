//! The fixture shop: serves `pages/` with the snippet and the SDK installed as a scenario wants it,
//! and holds the SDK's script back.

mod page;
mod server;
mod shop;

pub use page::{PageError, Pages};
pub use server::Storefront;
pub use shop::Shop;
