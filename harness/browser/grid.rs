//! Selenium Grid: which browsers it has, and how many of each.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use super::beside::beside;
use super::driver_url::DriverUrl;
use super::engine::EngineRef;

/// How long the status may take.
const STATUS: Duration = Duration::from_secs(10);

/// Before it is asked for once more.
const ASK_AGAIN: Duration = Duration::from_secs(1);

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
    value: StatusValue,
}

#[derive(Deserialize)]
struct StatusValue {
    nodes: Vec<Node>,
}

/// What a driver or a Grid answers to `/status` is no status. A fault of the machines.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum NoStatus {
    /// Nothing.
    #[error("does not answer to /status: {0}")]
    Silent(String),
    /// An HTTP status that is no success.
    #[error("answers to /status with HTTP {0}")]
    Refused(u16),
    /// Nodes that are not those of Selenium Grid 4.
    #[error("answers to /status with nodes that cannot be read: {0}")]
    Unreadable(String),
}

impl NoStatus {
    /// Whether a name and a password are asked for.
    pub fn wants_credentials(&self) -> bool {
        match self {
            Self::Refused(status) => *status == 401,
            Self::Silent(_) | Self::Unreadable(_) => false,
        }
    }
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
    /// The Grid at the URL `webdriver`; `None`: what is there is a driver. Who does not answer is
    /// asked once more.
    ///
    /// # Errors
    /// If there is neither.
    pub fn at(webdriver: &DriverUrl) -> Result<Option<Self>, NoStatus> {
        let status = status_of(webdriver).or_else(|_| {
            std::thread::sleep(ASK_AGAIN);
            status_of(webdriver)
        })?;
        Self::of_status(&status)
    }

    /// The address of the node that this session of the Grid at `webdriver` is on.
    pub fn node_of(webdriver: &DriverUrl, session: &str) -> Option<String> {
        let status = status_of(webdriver).ok()?;
        let status: Status = serde_json::from_str(&status).ok()?;
        let has_it = |slot: &Slot| {
            let own = slot.session.as_ref();
            own.is_some_and(|own| own.session_id == session)
        };
        let mut nodes = status.value.nodes.into_iter();
        let node = nodes.find(|node| node.slots.iter().any(has_it))?;
        node.uri
    }

    /// By the answer to `/status`: that of a Grid has nodes.
    fn of_status(status: &str) -> Result<Option<Self>, NoStatus> {
        let answer: Value = serde_json::from_str(status).unwrap_or_default();
        if answer["value"]["nodes"].is_null() {
            return Ok(None);
        }
        let status: Status = serde_json::from_value(answer)
            .map_err(|error| NoStatus::Unreadable(error.to_string()))?;
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
        Ok(Some(Self { slots: all }))
    }

    /// How many sessions of this engine it has room for at a time.
    pub fn slots_of(&self, engine: EngineRef) -> usize {
        let name = engine.browser_name();
        self.slots.get(name).copied().unwrap_or_default()
    }
}

/// The answer to `/status` of what is at the URL `webdriver`.
fn status_of(webdriver: &DriverUrl) -> Result<String, NoStatus> {
    let answer = beside(STATUS).get(webdriver.below("status")).call();
    let text = answer.and_then(|mut answer| answer.body_mut().read_to_string());
    text.map_err(|error| match error {
        ureq::Error::StatusCode(status) => NoStatus::Refused(status),
        other => NoStatus::Silent(other.to_string()),
    })
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
    use wiremock::matchers::path;
    use wiremock::{Mock, MockServer, ResponseTemplate};

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
        Grid::of_status(&status.to_string()).unwrap().unwrap()
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
        assert_eq!(Grid::of_status(status), Ok(None));
    }

    #[test]
    fn nodes_of_another_kind_are_named_as_such() {
        let status = r#"{"value": {"nodes": [{"browsers": 3}]}}"#;
        let why = Grid::of_status(status).unwrap_err();
        assert!(matches!(why, NoStatus::Unreadable(_)), "{why}");
    }

    #[test]
    fn silent_driver_is_no_plain_driver() {
        let why = Grid::at(&"http://127.0.0.1:1".parse().unwrap()).unwrap_err();
        assert!(matches!(why, NoStatus::Silent(_)), "{why}");
    }

    /// What is at a server that answers to `/status` with these, one after the other.
    async fn asked(statuses: &[u16]) -> Result<Option<Grid>, NoStatus> {
        let server = MockServer::start().await;
        for status in statuses {
            let answer = ResponseTemplate::new(*status).set_body_string("{}");
            let mock = Mock::given(path("/status")).respond_with(answer);
            mock.up_to_n_times(1).mount(&server).await;
        }
        let url: DriverUrl = server.uri().parse().unwrap();
        let asked = tokio::task::spawn_blocking(move || Grid::at(&url));
        asked.await.unwrap()
    }

    #[tokio::test]
    async fn status_is_asked_for_once_more() {
        assert_eq!(asked(&[503, 200]).await, Ok(None));
        assert_eq!(asked(&[401, 401]).await, Err(NoStatus::Refused(401)));
    }

    #[tokio::test]
    async fn node_of_a_session_is_the_one_that_has_it() {
        let with = |uri: &str, sessions: &[&str]| {
            let slot =
                |id| json!({"session": {"sessionId": id}, "stereotype": {"browserName": "chrome"}});
            let mut node = node("UP", 2, &["chrome"]);
            node["uri"] = json!(uri);
            let slots = node["slots"].as_array_mut().unwrap();
            slots.extend(sessions.iter().map(slot));
            node
        };
        let nodes = [
            with("http://a:5555", &["1", "2"]),
            with("http://b:5555", &["3"]),
        ];
        let status = json!({ "value": { "nodes": nodes } });
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(200).set_body_json(status);
        let mock = Mock::given(path("/status")).respond_with(answer);
        mock.mount(&server).await;
        let url: DriverUrl = server.uri().parse().unwrap();
        let nodes = move || ["2", "3", "4"].map(|session| Grid::node_of(&url, session));
        let nodes = tokio::task::spawn_blocking(nodes).await.unwrap();
        let expected = [Some("http://a:5555"), Some("http://b:5555"), None];
        assert_eq!(nodes.each_ref().map(Option::as_deref), expected);
    }
}
