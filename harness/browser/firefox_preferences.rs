//! What Firefox is started with: it contacts nobody by itself, and finds the harness's own names.

use std::net::{IpAddr, Ipv4Addr};

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
    // Every name is where the harness is, and so is the proxy, by whatever address; what is not
    // ours goes to the proxy, which alone resolves nothing.
    let harness: IpAddr = match reach {
        Reach::Local => Ipv4Addr::LOCALHOST.into(),
        Reach::Remote(harness) => {
            // Names of loopback go to the proxy, too.
            all.push(("network.proxy.allow_hijacking_localhost", json!(true)));
            harness
        }
    };
    all.push(("network.dns.forceResolve", json!(harness)));
    all.push(("network.dns.disableIPv6", json!(harness.is_ipv4())));
    all
}

fn everywhere() -> Vec<(&'static str, Value)> {
    vec![
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
        // Of two requests within a millisecond, which began first?
        ("privacy.reduceTimerPrecision", json!(false)),
        // Windows open without a click, as in other engines under automation.
        ("dom.disable_open_during_load", json!(false)),
    ]
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::on_this_machine(Reach::Local, "127.0.0.1", true)]
    #[case::on_another(Reach::Remote([10, 0, 0, 1].into()), "10.0.0.1", true)]
    #[case::over_ipv6(Reach::Remote([0xfd00, 0, 0, 0, 0, 0, 0, 1_u16].into()), "fd00::1", false)]
    fn every_name_is_where_the_harness_is(
        #[case] reach: Reach,
        #[case] harness: &str,
        #[case] over_ipv4: bool,
    ) {
        let all = preferences(reach);
        assert!(all.contains(&("network.dns.forceResolve", json!(harness))));
        assert!(all.contains(&("network.dns.disableIPv6", json!(over_ipv4))));
    }
}
