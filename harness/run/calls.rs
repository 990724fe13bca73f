//! Calling events on a page, as a shop's own script would.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::browser::{BrowserError, ConsoleEntry, Session};
use crate::contract::Event;
use crate::evidence::{Call, Clock, Position, RowRecord};
use crate::scenario::{CallStyle, Exit, Matrix, Row};

const CALL: &str = include_str!("scripts/call.js");
const OF_THE_PAGE: &str = include_str!("scripts/of_the_page.js");
const MATRIX: &str = include_str!("scripts/matrix.js");

/// Under this symbol a page keeps the reference of a `save_reference` step; a symbol, so that it is
/// no global.
const SAVED: &str = "saved trackAlhenaEvent";

/// Begins the console marks between the rows of a matrix.
const MARK: &str = "alhena-conformance row ";

/// Ends them, so that the mark of row 1 is not found in that of row 12, whatever an engine puts
/// around a message.
const END_OF_MARK: &str = " begins";

fn mark(index: usize) -> String {
    format!("{MARK}{index}{END_OF_MARK}")
}

#[derive(Deserialize)]
struct Answer {
    results: Vec<Returned>,
    during: Option<Returned>,
}

#[derive(Deserialize)]
struct Returned {
    at: f64,
    threw: Option<String>,
    stack: Option<String>,
}

/// How events are called.
#[derive(Debug, Clone, Copy)]
pub struct Way<'a> {
    /// By which function.
    pub style: CallStyle,
    /// The JavaScript expression for the object that has the older methods.
    pub direct_object: &'a str,
    /// How the page is left in the same task.
    pub exit: Option<Exit>,
}

/// Calls `events` in one task of the page, and leaves it in the same task where there is an exit.
pub async fn call(
    session: &Session,
    clock: &Clock,
    way: Way<'_>,
    events: &[Event],
    during: Option<&Event>,
) -> Result<Vec<Call>, BrowserError> {
    let entry = |event: &Event| json!({"method": event.method, "args": event.args});
    let arguments = vec![
        events.iter().map(entry).collect(),
        json!(way.style),
        json!(way.exit),
        during.map_or(Value::Null, entry),
        json!(SAVED),
    ];
    let script = with_page_objects(&CALL.replace("DIRECT_OBJECT", way.direct_object));
    let answer = session.execute(&script, arguments).await?;
    let made = |event: &Event, at, threw, stack: Option<&str>| Call {
        at,
        event: event.clone(),
        threw,
        threw_at: stack.and_then(Position::in_stack),
    };
    if answer.is_null() {
        // A dialog stopped the script: the next command reports it. The calls were made.
        return Ok(events
            .iter()
            .map(|event| made(event, clock.now(), None, None))
            .collect());
    }
    let answer: Answer = serde_json::from_value(answer)
        .map_err(|error| BrowserError::unexpected_answer("call.js", error))?;
    let called = events
        .iter()
        .zip(answer.results)
        .chain(during.zip(answer.during));
    let made = called.map(|(event, threw)| {
        let at = clock.at_epoch_ms(threw.at);
        made(event, at, threw.threw, threw.stack.as_deref())
    });
    Ok(made.collect())
}

/// The same script, which can make objects as the page itself does.
fn with_page_objects(script: &str) -> String {
    format!("{OF_THE_PAGE}\n{script}")
}

/// Keeps the page's current `trackAlhenaEvent` for later calls.
pub async fn save_reference(session: &Session) -> Result<(), BrowserError> {
    let script = "window[Symbol.for(arguments[0])] = window.trackAlhenaEvent;";
    session
        .execute(script, vec![json!(SAVED)])
        .await
        .map(|_| ())
}

/// Pushes a raw value onto the queue; returns the exception that came back.
pub async fn push_raw(session: &Session, expression: &str) -> Result<Option<String>, BrowserError> {
    let script = with_page_objects(&format!(
        "try {{ window._alhenaEventQueue.push(ofThePage({expression})); return null; }} \
         catch (error) {{ return String(error); }}"
    ));
    let threw = session.execute(&script, vec![]).await?;
    Ok(threw.as_str().map(str::to_owned))
}

/// Calls every row of `matrix`; [`rows`] assigns the console messages to the rows.
pub async fn call_matrix(
    session: &Session,
    matrix: &Matrix,
) -> Result<Vec<Option<String>>, BrowserError> {
    let data: Vec<Value> = (0..matrix.rows.len())
        .map(|index| matrix.valid_event(index).args)
        .collect();
    let spoil = |row: &Row| format!("(data) => {{ {} }}", row.spoil);
    let spoilers: Vec<String> = matrix.rows.iter().map(spoil).collect();
    let script = with_page_objects(&MATRIX.replace("SPOILERS", &spoilers.join(",\n")));
    let marks: Vec<String> = (0..=matrix.rows.len()).map(mark).collect();
    let arguments = vec![json!(data), json!(matrix.method), json!(marks)];
    let threw = session.execute_async(&script, arguments).await?;
    if threw.is_null() {
        let why = "a dialog stopped the page before every row was called";
        return Err(BrowserError::GaveUp(why.into()));
    }
    serde_json::from_value(threw)
        .map_err(|error| BrowserError::unexpected_answer("matrix.js", error))
}

/// Whether a console message is one of the harness's own marks.
pub fn is_mark(message: &str) -> bool {
    message.contains(MARK)
}

/// Gives each row the console messages between its mark and the next.
pub fn rows(
    matrix: &Matrix,
    threw: Vec<Option<String>>,
    console: &[ConsoleEntry],
) -> Vec<RowRecord> {
    let index_of = |row: usize| {
        let found = console
            .iter()
            .position(|entry| entry.text.contains(&mark(row)));
        found.unwrap_or(console.len())
    };
    let record = |(index, (row, threw)): (usize, (&Row, Option<String>))| {
        let own = console
            .get(index_of(index) + 1..index_of(index + 1))
            .unwrap_or_default();
        let console = own.iter().map(|entry| entry.text.clone()).collect();
        RowRecord {
            id: row.id.clone(),
            threw,
            console,
        }
    };
    let rows = matrix.rows.iter().zip(threw).enumerate();
    rows.map(record).collect()
}
