//! The parts of one run (`run --shard`), put together into its report. [`parts`] says what makes
//! them the parts of one, [`whole`] puts them together.

mod parts;
#[cfg(test)]
mod tests;
mod whole;

pub use parts::RunPart;
pub use whole::merge;
