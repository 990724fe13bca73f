use serde::{Deserialize, Serialize};

/// Which shopper acts. Each has an origin, and so a storage, of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visitor {
    /// The one a case begins with.
    First,
    /// Somebody else.
    Second,
}
