//! What was recorded of one session: its commands with their answers, and the requests that its
//! browser sent meanwhile.

use std::collections::BTreeMap;

use ::http::{Method, StatusCode};
use serde_json::Value;

/// The capabilities that name the proxy of a session.
const PROXIES: [&str; 2] = ["httpProxy", "sslProxy"];

/// One command to a driver, or one request of a browser, in the order in which they came.
#[derive(Debug, Clone)]
pub enum Entry {
    /// The command, and how it was answered.
    Command(Command, Answer),
    /// The request.
    Request(Sent),
}

/// A WebDriver command.
#[derive(Debug, Clone)]
pub struct Command {
    /// Its HTTP method.
    pub method: String,
    /// Below `/session/{id}`; empty for the session itself.
    pub path: String,
    /// JSON.
    pub body: String,
}

/// What a driver answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// JSON.
    pub body: Value,
    /// When the command came, in milliseconds since 1970.
    pub at: f64,
    /// What the browser sent from the command on, until the next.
    pub sends: Vec<Sent>,
}

/// A request of a browser, through its proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The HTTP method.
    pub method: String,
    /// Absolute.
    pub url: String,
    /// Those that pages can see, and those of the connection.
    pub headers: Vec<(String, String)>,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// What a session did, in chapters: how it was opened, then each attempt that it was on. An attempt
/// begins where a page with its host is first asked for.
#[derive(Debug, Clone)]
pub struct Recording {
    chapters: Vec<Chapter>,
}

/// The commands of a session while it was on one attempt.
#[derive(Debug, Clone, Default)]
pub struct Chapter {
    /// The first label of the attempt's hosts.
    pub label: String,
    /// By the command: how it was answered each time.
    answers: BTreeMap<String, Vec<Answer>>,
}

impl Recording {
    /// Of all that came, in its order.
    pub fn of(entries: Vec<Entry>) -> Self {
        let mut chapters = vec![Chapter::default()];
        let mut last = String::new();
        for entry in entries {
            let chapter = chapters.last_mut();
            match entry {
                Entry::Command(command, answer) => {
                    let on = chapter.map(|chapter| chapter.label.as_str());
                    if let Some(label) = command.begins(on.unwrap_or_default()) {
                        let label = label.to_owned();
                        let answers = BTreeMap::new();
                        chapters.push(Chapter { label, answers });
                    }
                    last = command.key();
                    if let Some(chapter) = chapters.last_mut() {
                        let own = chapter.answers.entry(last.clone());
                        own.or_default().push(answer);
                    }
                }
                Entry::Request(sent) => {
                    let answers = chapter.and_then(|own| own.answers.get_mut(&last));
                    if let Some(answer) = answers.and_then(|own| own.last_mut()) {
                        answer.sends.push(sent);
                    }
                }
            }
        }
        // Of the last attempt the end is missing: what follows it belongs to the next.
        if chapters.len() > 2 {
            chapters.pop();
        }
        Self { chapters }
    }

    /// The chapter of this number. What comes after the last is like that.
    pub fn chapter(&self, number: usize) -> Option<&Chapter> {
        let last = self.chapters.len().checked_sub(1)?;
        self.chapters.get(number.min(last))
    }

    /// How many commands an attempt takes.
    pub fn commands(&self) -> usize {
        let attempt = self.chapters.last().into_iter();
        attempt
            .flat_map(|own| own.answers.values())
            .map(Vec::len)
            .sum()
    }
}

impl Chapter {
    /// What was answered to this command the time `nth`, from 0. Who asks more often than was
    /// recorded has the last answer.
    pub fn answer(&self, command: &Command, nth: usize) -> Option<&Answer> {
        let own = self.answers.get(&command.key())?;
        own.get(nth).or_else(|| own.last())
    }
}

impl Answer {
    /// One that has not come yet, to a command that came at `at`.
    pub fn not_yet(at: f64) -> Self {
        Self {
            status: StatusCode::BAD_GATEWAY,
            body: Value::Null,
            at,
            sends: Vec::new(),
        }
    }
}

impl Sent {
    /// The first label of the host that it goes to.
    pub fn label(&self) -> &str {
        label_in(&self.url).unwrap_or_default()
    }
}

impl Command {
    /// By its HTTP request; `None`: it belongs to no session.
    pub fn of(method: &Method, path: &str, body: &[u8]) -> Option<Self> {
        let below = path.strip_prefix("/session")?;
        let command = below.trim_start_matches('/').split_once('/');
        Some(Self {
            method: method.to_string(),
            path: command.map_or_else(String::new, |(_, own)| format!("/{own}")),
            body: String::from_utf8_lossy(body).into_owned(),
        })
    }

    /// What it is found by. Digits are hosts, ports and times, which differ from attempt to
    /// attempt. Any session is opened alike.
    pub fn key(&self) -> String {
        let body = if self.path.is_empty() { "" } else { &self.body };
        let text = format!("{} {} {body}", self.method, self.path);
        text.chars().filter(|own| !own.is_ascii_digit()).collect()
    }

    /// The label of the attempt that begins with it, in a session that is on `label`.
    pub fn begins(&self, label: &str) -> Option<&str> {
        if self.method != "POST" || self.path != "/url" {
            return None;
        }
        let own = label_in(&self.body)?;
        (own != label).then_some(own)
    }
}

/// Meets each address of a proxy that the capabilities of a session name, wherever they hold it
/// (W3C WebDriver, “Proxy”).
pub fn each_proxy(capabilities: &mut Value, meet: &mut impl FnMut(&mut String)) {
    match capabilities {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(address) if PROXIES.contains(&name.as_str()) => meet(address),
                    other => each_proxy(other, meet),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|own| each_proxy(own, meet)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The first label of the first host in a text.
fn label_in(text: &str) -> Option<&str> {
    let (_, host) = text.split_once("://")?;
    let (label, rest) = host.split_once('.')?;
    let is_ours = rest.contains("localhost") && !label.contains(['/', '"']);
    is_ours.then_some(label)
}

/// `text` with the hosts of another attempt.
pub fn moved(text: &str, from: &str, to: &str) -> String {
    text.replace(&format!("://{from}."), &format!("://{to}."))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use serde_json::json;

    use super::*;

    fn command(method: &str, path: &str, body: &str) -> Command {
        Command {
            method: method.to_owned(),
            path: path.to_owned(),
            body: body.to_owned(),
        }
    }

    fn visit(label: &str) -> Command {
        let body = json!({"url": format!("http://{label}.shop.localhost:4000/product")});
        command("POST", "/url", &body.to_string())
    }

    fn answered(command: Command, value: &Value) -> Entry {
        let answer = Answer {
            status: StatusCode::OK,
            body: json!({"value": value}),
            at: 0.0,
            sends: Vec::new(),
        };
        Entry::Command(command, answer)
    }

    fn sent(url: &str) -> Sent {
        Sent {
            method: "GET".to_owned(),
            url: url.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    fn read(since: u32) -> Command {
        let script = json!({"script": format!("return since({since})"), "args": []});
        command("POST", "/execute/sync", &script.to_string())
    }

    #[test]
    fn attempts_begin_where_a_page_with_other_hosts_is_asked_for() {
        let entries = vec![
            answered(command("POST", "", "{}"), &json!({"sessionId": "1"})),
            answered(visit("c0"), &Value::Null),
            answered(visit("c1"), &Value::Null),
            answered(visit("c1"), &Value::Null),
            answered(visit("c2"), &Value::Null),
        ];
        let recording = Recording::of(entries);
        assert_eq!(recording.chapter(1).unwrap().label, "c0");
        assert_eq!(recording.commands(), 2);
        // The last is not whole, and so those after it are like the one before.
        assert_eq!(recording.chapter(9).unwrap().label, "c1");
    }

    #[test]
    fn command_is_answered_as_it_was_each_time_and_then_as_the_last_time() {
        let entries = vec![
            answered(visit("c1"), &Value::Null),
            answered(read(1_700), &json!("not yet")),
            answered(read(1_701), &json!("now")),
        ];
        let recording = Recording::of(entries);
        let chapter = recording.chapter(1).unwrap();
        let value = |nth| chapter.answer(&read(1_900), nth).unwrap().body["value"].clone();
        assert_eq!([value(0), value(1), value(2)], ["not yet", "now", "now"]);
    }

    #[test]
    fn other_script_has_no_answer() {
        let recording = Recording::of(vec![answered(visit("c1"), &Value::Null)]);
        assert_eq!(recording.chapter(1).unwrap().answer(&read(1), 0), None);
    }

    #[test]
    fn request_belongs_to_the_command_before_it() {
        let url = "http://c1.shop.localhost:4000/product";
        let entries = vec![
            answered(visit("c1"), &Value::Null),
            Entry::Request(sent(url)),
            answered(read(1), &Value::Null),
        ];
        let recording = Recording::of(entries);
        let chapter = recording.chapter(1).unwrap();
        assert_eq!(chapter.answer(&visit("c7"), 0).unwrap().sends, [sent(url)]);
        assert!(chapter.answer(&read(1), 0).unwrap().sends.is_empty());
    }

    #[test]
    fn only_whole_labels_are_moved() {
        let text = "http://c1.shop.localhost/ http://c12.shop.localhost/";
        let expected = "http://c7.shop.localhost/ http://c12.shop.localhost/";
        assert_eq!(moved(text, "c1", "c7"), expected);
    }
}
