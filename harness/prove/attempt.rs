//! What all proofs share: a plain job, and how long a lost session is replaced.

use std::sync::Arc;

use crate::plan::Case;
use crate::run::DeadlineMode;
use crate::run::Job;
use crate::sdk::Installation;

/// After so many lost sessions the machine is at fault.
pub const LOST: usize = 3;

/// Drives `case` without a picture and with the usual settle time.
pub fn job(case: Arc<Case>, installation: Installation, fresh: bool) -> Job {
    Job {
        case,
        installation,
        fresh,
        picture: false,
        settle_factor: 1,
        mode: DeadlineMode::Full,
        waits: Arc::default(),
        number: 1,
    }
}
