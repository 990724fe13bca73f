//! A report that can be shown to others: each fingerprint in it is replaced by a name,
//! `fingerprint-1` and so on, everywhere.
//!
//! Equal ones get the same name and different ones different names, so that what the report says of
//! them stays true. Pictures stay as they are: a page shows no fingerprint. A masked fingerprint is
//! no UUID any more, so masked evidence is not to be judged again.

mod fingerprints;
mod replace;
#[cfg(test)]
mod tests;

pub use fingerprints::Fingerprints;
pub use replace::Mask;
