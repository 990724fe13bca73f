use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A file or a folder that cannot be written.
#[derive(Debug, Error)]
pub enum OutputError {
    /// It holds something that no run of ours wrote, or that a run needs. The user's input at
    /// fault; nothing was touched.
    #[error("{path} is not written to: {found}\n   = {fix}")]
    Refused {
        /// What the user named.
        path: String,
        /// What was found there.
        found: String,
        /// What to do.
        fix: String,
    },
    /// The machine does not allow it. Nothing was touched.
    #[error("{path} cannot be written: {reason}\n   = make it writable, or name another place")]
    Unwritable {
        /// What the user named.
        path: String,
        /// Why.
        reason: io::Error,
    },
    /// A finished report could not be put into its folder.
    #[error("{path} cannot be written: {reason}\n   = the report was saved in {}", saved.display())]
    SavedElsewhere {
        /// The folder that the user named.
        path: String,
        /// Why.
        reason: io::Error,
        /// Where the whole report lies instead.
        saved: PathBuf,
    },
}

impl OutputError {
    pub(super) fn refused(path: &Path, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self::Refused {
            path: path.display().to_string(),
            found: found.into(),
            fix: fix.into(),
        }
    }

    pub(super) fn unwritable(path: &Path, reason: io::Error) -> Self {
        Self::Unwritable {
            path: path.display().to_string(),
            reason,
        }
    }

    /// Whether the user named a wrong place, rather than the machine refusing a right one.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Refused { .. } => true,
            Self::Unwritable { .. } | Self::SavedElsewhere { .. } => false,
        }
    }
}
