//! Each check on evidence made by hand: it holds where the promise is kept, and reports what broke
//! where it is not.

pub mod bench;
mod delivery;
mod findings;
mod identity;
mod matrix;
mod observe;
mod order;
mod page;
mod shape;
