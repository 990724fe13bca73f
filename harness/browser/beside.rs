//! Requests to a driver beside those of its client.

use std::time::Duration;

/// Sends requests past any proxy, each within this time. Name and password of a URL go with it.
pub fn beside(within: Duration) -> ureq::Agent {
    let limits = ureq::Agent::config_builder().timeout_global(Some(within));
    ureq::Agent::new_with_config(limits.proxy(None).build())
}
