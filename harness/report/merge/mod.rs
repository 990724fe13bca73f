//! The parts of one run (`run --shard`), put together into its report. [`parts`] says what makes
//! them the parts of one, [`places`] where each case is taken from, [`whole`] puts them together.

mod causes;
mod hosts;
mod known;
mod parts;
mod places;
#[cfg(test)]
mod tests;
mod whole;

pub use parts::RunPart;
pub use whole::merge;
