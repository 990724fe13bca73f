//! What Firefox is started with: it contacts nobody by itself, and finds the harness's own names.

use serde_json::{Value, json};

use super::options::Reach;

/// Variables of its environment, which it has from its driver: it got none of those that the
/// capability `moz:firefoxOptions` names (geckodriver 0.37.1).
pub const ENVIRONMENT: [(&str, &str); 1] = [
    // Without it, Firefox ignores the preference of another settings server.
    ("MOZ_REMOTE_SETTINGS_DEVTOOLS", "1"),
];

/// Preferences, beside those that geckodriver sets itself.
pub fn preferences(reach: Reach) -> Vec<(&'static str, Value)> {
    let mut all = everywhere();
    match reach {
        Reach::Local => {}
        // Names of loopback go to the proxy, too.
        Reach::Remote(_) => all.push(("network.proxy.allow_hijacking_localhost", json!(true))),
    }
    all
}

fn everywhere() -> Vec<(&'static str, Value)> {
    vec![
        // Every name is this machine, at once and over IPv4; what is not ours goes to the proxy,
        // which alone resolves nothing.
        ("network.dns.forceResolve", json!("127.0.0.1")),
        ("network.dns.disableIPv6", json!(true)),
        ("network.trr.mode", json!(5)),
        // What the proxy denies is denied.
        ("network.proxy.failover_direct", json!(false)),
        // WebRTC and HTTP/3 would send datagrams past every proxy.
        ("media.peerconnection.ice.proxy_only", json!(true)),
        ("network.http.http3.enable", json!(false)),
        // The browser's own requests: is there a network, and are there new settings?
        ("network.captive-portal-service.enabled", json!(false)),
        ("network.connectivity-service.enabled", json!(false)),
        (
            "services.settings.server",
            json!("data:,#remote-settings-dummy/v1"),
        ),
        // Pages of plain http stay what they are.
        ("dom.security.https_first", json!(false)),
        // Windows open without a click, as in other engines under automation.
        ("dom.disable_open_during_load", json!(false)),
    ]
}
