//! What tests of this room, and of `run`, share.

pub mod made_up;
