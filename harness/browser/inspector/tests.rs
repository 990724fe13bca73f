#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::wire::to_target;
use super::*;

/// What the browser answers where it is asked for a picture, as Base64.
const PICTURE: &str = "UE5H";

fn window(handle: &str) -> WindowHandle {
    WindowHandle::try_from(handle.to_owned()).unwrap()
}

fn event(method: &str, params: &Value) -> String {
    json!({"method": method, "params": params}).to_string()
}

fn said(text: &str, at: f64) -> String {
    let message = json!({"source": "console-api", "level": "log", "text": text,
        "timestamp": at, "url": "", "line": 0, "column": 0, "repeatCount": 1});
    from_page(&event("Console.messageAdded", &json!({"message": message})))
}

fn from_page(message: &str) -> String {
    let params = json!({"targetId": "page-8", "message": message});
    event("Target.dispatchMessageFromTarget", &params)
}

fn created() -> String {
    let info = json!({"targetId": "page-8", "type": "page"});
    event("Target.targetCreated", &json!({"targetInfo": info}))
}

/// As much of a browser as has `windows` targets, and before it answers their n-th command
/// sends the n-th of `before`.
async fn browser(windows: &'static [u64], before: Vec<Vec<String>>) -> Inspector {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (read, mut write) = stream.into_split();
        let mut read = BufReader::new(read);
        let mut before = before.into_iter();
        while let Ok(length) = read.read_u32().await {
            let mut body = vec![0; length as usize];
            read.read_u8().await.unwrap();
            read.read_exact(&mut body).await.unwrap();
            let name = body.split(|byte| *byte == 0).next().unwrap().to_vec();
            let parameters = &body[name.len() + 1..];
            let target = || u64::from_le_bytes(parameters[8..16].try_into().unwrap());
            let mut send = Vec::new();
            match &*name {
                b"Setup" if windows.contains(&target()) => send.push(created()),
                b"SendMessageToBackend" => {
                    let text = &parameters[16..parameters.len() - 1];
                    let command: Value = serde_json::from_slice(text).unwrap();
                    if !windows.contains(&target()) {
                        continue;
                    }
                    send.extend(before.next().unwrap_or_default());
                    send.push(json!({"id": command["id"], "result": {}}).to_string());
                    if command["method"] == "Target.sendMessageToTarget" {
                        let inner = command["params"]["message"].as_str().unwrap();
                        let inner: Value = serde_json::from_str(inner).unwrap();
                        let result = json!({"dataURL": format!("data:image/png;base64,{PICTURE}")});
                        let answer = json!({"id": inner["id"], "result": result});
                        send.push(from_page(&answer.to_string()));
                    }
                }
                _ => continue,
            }
            for text in send {
                let message = to_target("SendMessageToFrontend", target(), Some(&text));
                write.write_all(&message).await.unwrap();
            }
        }
    });
    Inspector::connect(port, window("first")).await.unwrap()
}

fn texts(log: &[Message]) -> Vec<(&str, f64)> {
    let entries = log.iter();
    entries
        .map(|entry| (&*entry.text, entry.timestamp))
        .collect()
}

#[tokio::test]
async fn log_is_taken_up_to_what_each_window_answers() {
    let repeated = event(
        "Console.messageRepeatCountUpdated",
        &json!({"count": 2, "timestamp": 3.0}),
    );
    let before = vec![
        vec![said("a", 1.0)],
        vec![said("b", 2.0), from_page(&repeated)],
    ];
    let inspector = browser(&[1], before).await;
    let log = inspector.take_log(vec![window("first")]).await.unwrap();
    assert_eq!(texts(&log), [("b", 2.0), ("b", 3.0)]);
}

#[tokio::test]
async fn target_of_the_driver_and_windows_that_closed_are_passed_over() {
    let before = vec![vec![], vec![said("a", 1.0)]];
    let inspector = browser(&[2, 4], before).await;
    let log = inspector.take_log(vec![window("first")]).await.unwrap();
    assert_eq!(texts(&log), [("a", 1.0)]);
}

#[tokio::test]
async fn ended_browser_is_a_lost_session() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { drop(listener.accept().await) });
    let error = Inspector::connect(port, window("first")).await.unwrap_err();
    assert!(matches!(error, BrowserError::Lost(_)), "{error}");
}

/// The browser reports of its first window that it shows another document.
fn shown() -> String {
    let reason = json!({"reason": "main-frame-navigation"});
    from_page(&event("Console.messagesCleared", &reason))
}

#[tokio::test]
async fn documents_are_counted_as_the_browser_reports_them() {
    let swapped = event("Target.didCommitProvisionalTarget", &json!({}));
    let cleared = from_page(&event(
        "Console.messagesCleared",
        &json!({"reason": "console-api"}),
    ));
    let inspector = browser(&[1], vec![vec![], vec![shown(), cleared, swapped]]).await;
    assert_eq!(inspector.documents(), Some(0));
    inspector.take_log(vec![window("first")]).await.unwrap();
    assert_eq!(inspector.documents(), Some(2));
    assert!(inspector.shows_more(1, ANSWER).await.unwrap());
    assert!(!inspector.shows_more(2, Duration::ZERO).await.unwrap());
}

#[tokio::test]
async fn documents_are_not_reported_while_a_window_is_unknown() {
    let inspector = browser(&[1], Vec::new()).await;
    let both = vec![window("first"), window("second")];
    inspector.find(both).await.unwrap();
    assert_eq!(inspector.documents(), None);
    inspector.find(vec![window("first")]).await.unwrap();
    assert_eq!(inspector.documents(), Some(0));
}

#[tokio::test]
async fn log_is_kept_until_it_is_taken() {
    let inspector = browser(&[1], vec![vec![], vec![said("a", 1.0)]]).await;
    inspector.find(vec![window("first")]).await.unwrap();
    let log = inspector.take_log(vec![window("first")]).await.unwrap();
    assert_eq!(texts(&log), [("a", 1.0)]);
}

#[tokio::test]
async fn picture_is_what_the_page_answers() {
    let inspector = browser(&[1], Vec::new()).await;
    let picture = inspector.picture((1280, 900)).await;
    assert_eq!(picture.as_deref(), Some(&b"PNG"[..]));
    let both = vec![window("first"), window("second")];
    inspector.find(both).await.unwrap();
    assert_eq!(inspector.picture((1280, 900)).await, None);
}
