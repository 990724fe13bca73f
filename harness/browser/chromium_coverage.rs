//! Which code of a window's scripts ran, by V8's precise coverage (the domain `Profiler` of the
//! Chrome DevTools Protocol).
//!
//! V8 counts in the process of the window: pages that were shown there before are counted to their
//! end, and so is another window of the same site that has the same process. What was not taken is
//! lost when the window moves to another process.

use std::cmp::Reverse;
use std::ops::Range;

use serde::Deserialize;
use serde_json::{Value, json};

use super::chromium::dev_tools;
use super::connection::Connection;
use super::engine::RanScript;
use super::error::BrowserError;
use crate::evidence::ScriptCode;

/// Takes what ran since the last time. Of a window that was not asked before, nothing is known: it
/// is counted from then on.
pub(super) async fn take(connection: &Connection) -> Result<Vec<RanScript>, BrowserError> {
    match dev_tools(connection, "Profiler.takePreciseCoverage", json!({})).await {
        Ok(value) => scripts(value),
        // It has not been started.
        Err(BrowserError::Refused(_)) => {
            let detailed = json!({"callCount": false, "detailed": true});
            dev_tools(connection, "Profiler.enable", json!({})).await?;
            dev_tools(connection, "Profiler.startPreciseCoverage", detailed).await?;
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

#[derive(Debug, Deserialize)]
struct Coverage {
    result: Vec<Script>,
}

#[derive(Debug, Deserialize)]
struct Script {
    /// Empty for a script of the browser's own.
    url: String,
    /// The whole script is the first of them.
    functions: Vec<Function>,
}

#[derive(Debug, Deserialize)]
struct Function {
    ranges: Vec<Counted>,
}

/// Part of a script. Those within it have counts of their own.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counted {
    start_offset: usize,
    end_offset: usize,
    count: u64,
}

fn scripts(value: Value) -> Result<Vec<RanScript>, BrowserError> {
    let coverage: Coverage = serde_json::from_value(value).map_err(|error| {
        BrowserError::Refused(format!("the coverage has an unknown shape: {error}"))
    })?;
    let scripts = coverage.result.into_iter();
    let scripts = scripts.map(|script| {
        let functions = script.functions.into_iter();
        let counted: Vec<Counted> = functions.flat_map(|own| own.ranges).collect();
        let length = counted.iter().map(|own| own.end_offset).max();
        RanScript {
            url: script.url,
            code: ScriptCode::new(length.unwrap_or_default(), ran(counted)),
        }
    });
    Ok(scripts.collect())
}

/// The parts that ran: each by the innermost count that it is in.
fn ran(mut counted: Vec<Counted>) -> Vec<Range<usize>> {
    // Of two that begin together, the outer one first; equal ones stay in V8's order.
    counted.sort_by_key(|own| (own.start_offset, Reverse(own.end_offset)));
    let (mut around, mut at) = (Vec::<Counted>::new(), 0);
    let mut all = Vec::new();
    let mut go_to = |to: usize, around: &mut Vec<Counted>| {
        while let Some(inner) = around.last().copied() {
            let end = inner.end_offset.min(to);
            if inner.count > 0 {
                all.push(at..end);
            }
            at = end;
            if inner.end_offset > to {
                return;
            }
            around.pop();
        }
        at = to;
    };
    for own in counted {
        go_to(own.start_offset, &mut around);
        around.push(own);
    }
    go_to(usize::MAX, &mut around);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(functions: &Value) -> ScriptCode {
        let script = json!({"url": "http://a.test/sdk.js", "functions": functions});
        let mut all = scripts(json!({"result": [script]})).expect("V8's shape");
        all.remove(0).code
    }

    fn function(ranges: &[(usize, usize, u64)]) -> Value {
        let ranges = ranges.iter().map(
            |(start, end, count)| json!({"startOffset": start, "endOffset": end, "count": count}),
        );
        json!({"functionName": "", "isBlockCoverage": true, "ranges": ranges.collect::<Vec<_>>()})
    }

    #[test]
    fn function_that_is_never_called_did_not_run() {
        let functions = json!([function(&[(0, 100, 1)]), function(&[(20, 60, 0)])]);
        assert_eq!(code(&functions), ScriptCode::new(100, vec![0..20, 60..100]));
    }

    #[test]
    fn block_counts_for_itself() {
        let functions = json!([
            function(&[(0, 100, 1), (90, 100, 0)]),
            function(&[(20, 60, 3), (30, 40, 0), (40, 50, 0), (45, 47, 2)]),
        ]);
        assert_eq!(
            code(&functions),
            ScriptCode::new(100, vec![0..30, 45..47, 50..90])
        );
    }

    #[test]
    fn called_function_ran_within_one_that_did_not_run_again() {
        let functions = json!([function(&[(5, 10, 0)]), function(&[(7, 9, 1)])]);
        let within = std::iter::once(7..9).collect();
        assert_eq!(code(&functions), ScriptCode::new(10, within));
    }

    #[test]
    fn unknown_shape_is_an_error() {
        let error = scripts(json!({"result": 7})).expect_err("no list");
        assert!(error.to_string().contains("unknown shape"), "{error}");
    }
}
