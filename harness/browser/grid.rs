//! Selenium Grid: which browsers it has, and how many of each.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Deserialize;

use super::beside::beside;
use super::driver_url::DriverUrl;
use super::engine::EngineRef;

/// How long the status may take.
const STATUS: Duration = Duration::from_secs(10);

/// The browsers of a Selenium Grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// How many sessions it has room for at a time, by the `browserName` of the browser.
    slots: BTreeMap<String, usize>,
}

/// The answer to `/status` of a Grid (Selenium Grid 4, “Grid status”). A plain driver's has no
/// nodes.
#[derive(Deserialize)]
struct Status {
    value: Value,
}

#[derive(Deserialize)]
struct Value {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    /// Where it listens.
    uri: Option<String>,
    /// `UP`, `DOWN`, or `DRAINING`: then it takes no new session.
    availability: String,
    /// At a time, whatever its slots are.
    max_sessions: usize,
    slots: Vec<Slot>,
}

#[derive(Deserialize)]
struct Slot {
    stereotype: Stereotype,
    /// The one that has it, where one has.
    session: Option<OfSession>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfSession {
    session_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stereotype {
    browser_name: Option<String>,
}

impl Grid {
    /// The Grid at the URL `webdriver`; `None`: what is there is no Grid, or does not answer.
    pub fn at(webdriver: &DriverUrl) -> Option<Self> {
        Self::of_status(&status_of(webdriver)?)
    }

    /// The address of the node that this session of the Grid at `webdriver` is on.
    pub fn node_of(webdriver: &DriverUrl, session: &str) -> Option<String> {
        let status: Status = serde_json::from_str(&status_of(webdriver)?).ok()?;
        let has_it = |slot: &Slot| {
            let own = slot.session.as_ref();
            own.is_some_and(|own| own.session_id == session)
        };
        let mut nodes = status.value.nodes.into_iter();
        let node = nodes.find(|node| node.slots.iter().any(has_it))?;
        node.uri
    }

    /// By its answer to `/status`.
    fn of_status(status: &str) -> Option<Self> {
        let status: Status = serde_json::from_str(status).ok()?;
        let mut all = BTreeMap::new();
        for node in status.value.nodes {
            if node.availability != "UP" {
                continue;
            }
            let mut own: BTreeMap<String, usize> = BTreeMap::new();
            for name in node
                .slots
                .into_iter()
                .filter_map(|own| own.stereotype.browser_name)
            {
                *own.entry(name).or_default() += 1;
            }
            for (name, slots) in own {
                *all.entry(name).or_default() += slots.min(node.max_sessions);
            }
        }
        Some(Self { slots: all })
    }

    /// How many sessions of this engine it has room for at a time.
    pub fn slots_of(&self, engine: EngineRef) -> usize {
        let name = engine.browser_name();
        self.slots.get(name).copied().unwrap_or_default()
    }
}

/// The answer to `/status` of what is at the URL `webdriver`; `None`: there is none.
fn status_of(webdriver: &DriverUrl) -> Option<String> {
    let mut answer = beside(STATUS).get(webdriver.below("status")).call().ok()?;
    answer.body_mut().read_to_string().ok()
}

/// `chrome (3), firefox (1)`
impl fmt::Display for Grid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = self.slots.iter();
        let own: Vec<String> = own
            .map(|(name, slots)| format!("{name} ({slots})"))
            .collect();
        if own.is_empty() {
            return formatter.write_str("no browser at all");
        }
        formatter.write_str(&own.join(", "))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::browser::chromium::Chromium;
    use crate::browser::firefox::Firefox;
    use crate::browser::webkit::WebKit;

    fn node(availability: &str, most: usize, browsers: &[&str]) -> serde_json::Value {
        let slot = |name| json!({"session": null, "stereotype": {"browserName": name}});
        let slots: Vec<_> = browsers.iter().map(slot).collect();
        json!({
            "uri": "http://10.0.0.2:5555",
            "availability": availability,
            "maxSessions": most,
            "slots": slots,
        })
    }

    fn grid(nodes: &[serde_json::Value]) -> Grid {
        let status = json!({"value": {"ready": true, "nodes": nodes}});
        Grid::of_status(&status.to_string()).unwrap()
    }

    #[test]
    fn slots_are_those_of_all_nodes_that_take_sessions() {
        let grid = grid(&[
            node("UP", 4, &["chrome", "chrome", "firefox"]),
            node("UP", 1, &["chrome", "chrome"]),
            node("DRAINING", 4, &["chrome", "MiniBrowser"]),
        ]);
        assert_eq!(grid.slots_of(&Chromium), 3);
        assert_eq!(grid.slots_of(&Firefox), 1);
        assert_eq!(grid.slots_of(&WebKit), 0);
        assert_eq!(grid.to_string(), "chrome (3), firefox (1)");
    }

    #[test]
    fn grid_without_nodes_is_a_grid() {
        assert_eq!(grid(&[]).to_string(), "no browser at all");
    }

    #[rstest]
    #[case::chromedriver(r#"{"value": {"ready": true, "message": "ready", "build": {}}}"#)]
    #[case::something_else("<html>")]
    fn plain_driver_is_no_grid(#[case] status: &str) {
        assert_eq!(Grid::of_status(status), None);
    }
}
