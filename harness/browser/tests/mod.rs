//! What tests of this room, and of `run`, share.

mod ending;
mod late;
pub mod made_up;
