//! What tests of this room, and of `run`, share.

mod late;
pub mod made_up;
