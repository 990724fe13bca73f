//! The commands and events of WebDriver `BiDi`, over the websocket of a session.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};
use url::Url;

use super::error::BrowserError;

/// The event of a console message.
const ENTRY_ADDED: &str = "log.entryAdded";

/// How long an answer may take. A fence once took more than 2 s on a machine under full load.
const ANSWER: Duration = Duration::from_secs(10);

/// The `BiDi` connection of one session. A task of its own reads it; it ends when this is dropped.
#[derive(Debug)]
pub struct Bidi {
    requests: mpsc::UnboundedSender<Request>,
}

/// One console message (W3C WebDriver `BiDi`, “The log Module”).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// `console` for what a script logged, `javascript` for what the browser reports.
    #[serde(rename = "type")]
    pub kind: String,
    /// `debug`, `info`, `warn` or `error`.
    pub level: String,
    /// The text; absent where a script logged nothing that has one.
    #[serde(default)]
    pub text: Option<String>,
    /// Milliseconds since 1970.
    pub timestamp: f64,
    /// Where it came from; absent where the browser does not know.
    #[serde(default)]
    pub stack_trace: Option<StackTrace>,
}

/// The calls that led to a console message, the innermost first.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StackTrace {
    pub call_frames: Vec<CallFrame>,
}

/// One of these calls.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallFrame {
    pub url: String,
    /// Counted from 0.
    pub line_number: usize,
    /// Counted from 0.
    pub column_number: usize,
}

/// Where an answer goes.
type AnswerTo<T> = oneshot::Sender<Result<T, BrowserError>>;

#[derive(Debug)]
enum Request {
    /// A command, and where its result goes.
    Command {
        method: &'static str,
        params: Value,
        answer: AnswerTo<Value>,
    },
    /// All console messages, once the one with this text has come.
    LogUntil {
        fence: String,
        answer: AnswerTo<Vec<LogEntry>>,
    },
}

impl Bidi {
    /// Connects to a session, and has its console messages sent from now on. `nobody_here` is added
    /// to the error where nobody listens at an address of this machine.
    pub async fn connect(url: &str, nobody_here: &str) -> Result<Self, BrowserError> {
        let failed =
            |why: String| BrowserError::Lost(format!("no BiDi connection to {url}: {why}"));
        let parsed = Url::parse(url).map_err(|error| failed(error.to_string()))?;
        let resolved = parsed.socket_addrs(|| None);
        let addresses = resolved.map_err(|error| failed(error.to_string()))?;
        let is_local = addresses.iter().all(|address| address.ip().is_loopback());
        let opened = async {
            let stream = TcpStream::connect(&*addresses).await;
            let stream = stream.map_err(|error| {
                if is_local {
                    format!("{error} ({nobody_here})")
                } else {
                    error.to_string()
                }
            })?;
            let opened = client_async(url, stream).await;
            opened.map_err(|error| error.to_string())
        };
        let opened = tokio::time::timeout(ANSWER, opened).await;
        let opened = opened.map_err(|_| failed("no answer".to_owned()))?;
        let (socket, _) = opened.map_err(failed)?;
        let (requests, received) = mpsc::unbounded_channel();
        tokio::spawn(Reader::new(socket).read(received));
        let own = Self { requests };
        let events = json!({ "events": [ENTRY_ADDED] });
        own.command("session.subscribe", events).await?;
        Ok(own)
    }

    /// Runs a command, and returns its result.
    pub async fn command(
        &self,
        method: &'static str,
        params: Value,
    ) -> Result<Value, BrowserError> {
        let (answer, answered) = oneshot::channel();
        self.ask(Request::Command {
            method,
            params,
            answer,
        })?;
        answer_of(method, answered).await
    }

    /// Waits for the console message `fence`, and takes all others that came since the last time.
    pub async fn take_log(&self, fence: String) -> Result<Vec<LogEntry>, BrowserError> {
        let (answer, answered) = oneshot::channel();
        self.ask(Request::LogUntil { fence, answer })?;
        answer_of(ENTRY_ADDED, answered).await
    }

    fn ask(&self, request: Request) -> Result<(), BrowserError> {
        self.requests.send(request).map_err(|_| ended())
    }
}

async fn answer_of<T>(
    what: &str,
    answered: oneshot::Receiver<Result<T, BrowserError>>,
) -> Result<T, BrowserError> {
    let answer = tokio::time::timeout(ANSWER, answered).await;
    let answer = answer.map_err(|_| {
        let seconds = ANSWER.as_secs();
        BrowserError::Lost(format!("BiDi did not answer {what} within {seconds} s"))
    })?;
    answer.map_err(|_| ended())?
}

fn ended() -> BrowserError {
    BrowserError::Lost("the BiDi connection has ended".to_owned())
}

/// Reads the websocket: console messages are kept, results go to who asked for them.
struct Reader<S> {
    socket: WebSocketStream<S>,
    sent: u64,
    waiting: HashMap<u64, AnswerTo<Value>>,
    log: Vec<LogEntry>,
    fence: Option<(String, AnswerTo<Vec<LogEntry>>)>,
}

/// What the browser sends.
#[derive(Debug, Deserialize)]
struct Received {
    /// Of the command that it answers.
    id: Option<u64>,
    method: Option<String>,
    #[serde(default)]
    params: Value,
    #[serde(default)]
    result: Value,
    error: Option<String>,
    #[serde(default)]
    message: String,
}

impl<S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin> Reader<S> {
    fn new(socket: WebSocketStream<S>) -> Self {
        Self {
            socket,
            sent: 0,
            waiting: HashMap::new(),
            log: Vec::new(),
            fence: None,
        }
    }

    /// Until either side ends. What is still asked for then gets no answer, which is one.
    async fn read(mut self, mut requests: mpsc::UnboundedReceiver<Request>) {
        loop {
            tokio::select! {
                request = requests.recv() => match request {
                    None => return,
                    Some(Request::Command { method, params, answer }) => {
                        self.sent += 1;
                        let command = json!({"id": self.sent, "method": method, "params": params});
                        let text = Message::text(command.to_string());
                        if self.socket.send(text).await.is_err() {
                            return;
                        }
                        self.waiting.insert(self.sent, answer);
                    }
                    Some(Request::LogUntil { fence, answer }) => {
                        self.fence = Some((fence, answer));
                        self.pass_the_fence();
                    }
                },
                message = self.socket.next() => match message {
                    Some(Ok(Message::Text(text))) => self.take(&text),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return,
                },
            }
        }
    }

    fn take(&mut self, text: &str) {
        // What has no known shape is an event that nobody subscribed to.
        let Ok(received) = serde_json::from_str::<Received>(text) else {
            return;
        };
        let answer = received.id.and_then(|id| self.waiting.remove(&id));
        match (answer, received.error) {
            (Some(answer), Some(error)) => {
                let why = format!("{error}: {}", received.message);
                // Who asked may have stopped waiting.
                let _ = answer.send(Err(BrowserError::Refused(why)));
            }
            (Some(answer), None) => {
                let _ = answer.send(Ok(received.result));
            }
            (None, _) if received.method.as_deref() == Some(ENTRY_ADDED) => {
                if let Ok(entry) = serde_json::from_value(received.params) {
                    self.log.push(entry);
                    self.pass_the_fence();
                }
            }
            (None, _) => {}
        }
    }

    /// Hands the log over once its fence is there.
    fn pass_the_fence(&mut self) {
        let Some((fence, answer)) = self.fence.take() else {
            return;
        };
        let is_fence = |entry: &LogEntry| entry.text.as_deref() == Some(&*fence);
        // It is most often the last one.
        let Some(index) = self.log.iter().rposition(is_fence) else {
            self.fence = Some((fence, answer));
            return;
        };
        self.log.remove(index);
        let _ = answer.send(Ok(std::mem::take(&mut self.log)));
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use tokio::net::TcpListener;
    use tokio_tungstenite::accept_async;

    use super::*;

    fn entry(text: &str) -> Message {
        let params = json!({"type": "console", "level": "debug", "text": text, "timestamp": 1});
        let event = json!({"type": "event", "method": ENTRY_ADDED, "params": params});
        Message::text(event.to_string())
    }

    #[tokio::test]
    async fn browser_that_does_not_listen_may_be_on_another_machine() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/session/1", listener.local_addr().unwrap());
        drop(listener);
        let why = Bidi::connect(&url, "not here")
            .await
            .unwrap_err()
            .to_string();
        assert!(why.contains("(not here)"), "{why}");
    }

    /// As much of a browser as answers each command by `answers`, the subscription by nothing.
    async fn browser(answers: impl Fn(&str) -> Vec<Message> + Send + 'static) -> Bidi {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/session/1", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut socket = accept_async(stream).await.unwrap();
            while let Some(Ok(Message::Text(text))) = socket.next().await {
                let command: Value = serde_json::from_str(&text).unwrap();
                for message in answers(command["method"].as_str().unwrap()) {
                    socket.send(message).await.unwrap();
                }
                let result = json!({"id": command["id"], "type": "success", "result": {"of": 1}});
                socket
                    .send(Message::text(result.to_string()))
                    .await
                    .unwrap();
            }
        });
        Bidi::connect(&url, "not here").await.unwrap()
    }

    #[tokio::test]
    async fn log_is_taken_up_to_its_fence() {
        let bidi = browser(|method| match method {
            "first" => vec![entry("a"), entry("fence 1")],
            "second" => vec![entry("b"), entry("c"), entry("fence 2")],
            _ => Vec::new(),
        })
        .await;
        let texts = |log: Vec<LogEntry>| -> Vec<String> {
            log.into_iter().filter_map(|entry| entry.text).collect()
        };
        bidi.command("first", json!({})).await.unwrap();
        let first = bidi.take_log("fence 1".to_owned()).await.unwrap();
        assert_eq!(texts(first), ["a"]);
        bidi.command("second", json!({})).await.unwrap();
        let second = bidi.take_log("fence 2".to_owned()).await.unwrap();
        assert_eq!(texts(second), ["b", "c"]);
    }

    #[tokio::test]
    async fn refused_command_names_the_reason() {
        let refusal = json!({"id": 2, "type": "error", "error": "no such frame", "message": "x"});
        let bidi = browser(move |method| match method {
            "refused" => vec![Message::text(refusal.to_string())],
            _ => Vec::new(),
        })
        .await;
        let error = bidi.command("refused", json!({})).await.unwrap_err();
        assert!(matches!(error, BrowserError::Refused(why) if why == "no such frame: x"));
    }

    #[tokio::test]
    async fn closed_connection_is_a_lost_session() {
        let bidi = browser(|method| match method {
            "close" => vec![Message::Close(None)],
            _ => Vec::new(),
        })
        .await;
        let closed = bidi.command("close", json!({})).await;
        let log = bidi.take_log("never".to_owned()).await;
        assert!(
            matches!(log, Err(BrowserError::Lost(_))),
            "{closed:?} {log:?}"
        );
    }
}
