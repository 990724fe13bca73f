//! How far a simulated session has come in the recording.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::recording::{Answer, Command, Recording, Sent, moved};

/// Numbers in this range are times, in milliseconds since 1970: from 2017 to 2065.
const TIMES: std::ops::Range<f64> = 1.5e12..3e12;

/// One session.
#[derive(Debug)]
pub struct Playback {
    recording: Arc<Recording>,
    /// The number of the chapter that it is in.
    chapter: usize,
    /// The first label of the hosts of the attempt that it is on.
    label: String,
    /// How often each command came in this chapter.
    asked: BTreeMap<String, usize>,
}

impl Playback {
    /// A session that is about to be opened.
    pub fn new(recording: Arc<Recording>) -> Self {
        Self {
            recording,
            chapter: 0,
            label: String::new(),
            asked: BTreeMap::new(),
        }
    }

    /// The answer to this command at `now`, in milliseconds since 1970; `None`: none was recorded.
    pub fn answer(&mut self, command: &Command, now: f64) -> Option<Answer> {
        if let Some(label) = command.begins(&self.label) {
            label.clone_into(&mut self.label);
            self.chapter += 1;
            self.asked.clear();
        }
        let chapter = self.recording.chapter(self.chapter)?;
        let count = self.asked.entry(command.key()).or_default();
        let answer = chapter.answer(command, *count)?;
        *count += 1;
        let (from, to) = (&chapter.label, &self.label);
        let sends = answer.sends.iter().map(|sent| Sent {
            url: moved(&sent.url, from, to),
            headers: sent
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), with_host(value, from, to)))
                .collect(),
            ..sent.clone()
        });
        Some(Answer {
            status: answer.status,
            body: later(&answer.body, now - answer.at, &|text| moved(text, from, to)),
            at: now,
            sends: sends.collect(),
        })
    }
}

/// The value of a header, which may be a host alone, with the hosts of another attempt.
fn with_host(value: &str, from: &str, to: &str) -> String {
    match value.strip_prefix(from) {
        Some(rest) if rest.starts_with('.') => format!("{to}{rest}"),
        Some(_) | None => moved(value, from, to),
    }
}

/// `value` with its times so many milliseconds later, and its texts changed.
fn later(value: &Value, by: f64, text: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Number(number) => match number.as_f64() {
            Some(time) if TIMES.contains(&time) => Value::from(time + by),
            Some(_) | None => value.clone(),
        },
        Value::String(own) => Value::String(text(own)),
        Value::Array(values) => values.iter().map(|own| later(own, by, text)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, own)| (name.clone(), later(own, by, text)))
            .collect(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use ::http::StatusCode;
    use serde_json::json;

    use super::super::recording::Entry;
    use super::*;

    const RECORDED: f64 = 1_795_000_000_000.0;

    fn visit(label: &str) -> Command {
        let body = json!({"url": format!("http://{label}.shop.localhost:4000/product")});
        Command {
            method: "POST".to_owned(),
            path: "/url".to_owned(),
            body: body.to_string(),
        }
    }

    /// A session that was on `c1`.
    fn playback() -> Playback {
        let post = Sent {
            method: "POST".to_owned(),
            url: "http://c1.api.localhost:5000/events".to_owned(),
            headers: [
                ("host", "c1.api.localhost:5000"),
                ("origin", "http://c1.shop.localhost:4000"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
            body: b"{}".to_vec(),
        };
        let value = json!({"url": "http://c1.shop.localhost:4000/", "at": RECORDED, "line": 3});
        let answer = Answer {
            status: StatusCode::OK,
            body: json!({ "value": value }),
            at: RECORDED + 5.0,
            sends: Vec::new(),
        };
        let entries = vec![Entry::Command(visit("c1"), answer), Entry::Request(post)];
        Playback::new(Arc::new(Recording::of(entries)))
    }

    #[test]
    fn answer_is_of_the_attempt_that_the_session_is_on() {
        let answer = playback().answer(&visit("c40"), RECORDED + 100.0).unwrap();
        let expected = json!({
            "url": "http://c40.shop.localhost:4000/", "at": RECORDED + 95.0, "line": 3,
        });
        assert_eq!(answer.body["value"], expected);
    }

    #[test]
    fn requests_are_sent_to_the_hosts_of_that_attempt() {
        let answer = playback().answer(&visit("c40"), RECORDED).unwrap();
        let sent = &answer.sends[0];
        assert_eq!(sent.url, "http://c40.api.localhost:5000/events");
        let values = sent.headers.iter().map(|(_, value)| value.as_str());
        let expected = ["c40.api.localhost:5000", "http://c40.shop.localhost:4000"];
        assert!(values.eq(expected));
    }

    #[test]
    fn each_attempt_is_like_the_one_that_was_recorded() {
        let mut playback = playback();
        for label in ["c7", "c8", "c9"] {
            assert!(playback.answer(&visit(label), RECORDED).is_some());
        }
    }

    #[test]
    fn command_that_was_not_recorded_has_no_answer() {
        let unknown = Command {
            path: "/screenshot".to_owned(),
            ..visit("c1")
        };
        assert_eq!(playback().answer(&unknown, RECORDED), None);
    }
}
