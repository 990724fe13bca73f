//! How long all proofs replace a lost session.

/// After so many lost sessions the machine is at fault.
pub const LOST: usize = 3;
