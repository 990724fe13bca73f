//! A journey as a strip: its steps beside each other, each with what happened until the next.

use super::timeline::moment;
use crate::evidence::Evidence;
use crate::reading::{self, MomentKind};
use crate::render::document::{Block, StripStep};

/// The steps of an attempt on one clock; nothing where none was done.
pub fn strip(evidence: &Evidence) -> Option<Block> {
    let mut until = evidence.steps.iter().map(|step| step.until.0);
    let mut steps: Vec<StripStep> = Vec::new();
    for own in reading::timeline(evidence) {
        match own.kind {
            MomentKind::Step => {
                let at = own.at.0;
                steps.push(StripStep {
                    // The last is that the page is left: it takes no time of its own.
                    until_ms: until.next().unwrap_or(at),
                    step: moment(own),
                    happened: Vec::new(),
                });
            }
            MomentKind::Call | MomentKind::Console | MomentKind::Dialog | MomentKind::Request => {
                if let Some(step) = steps.last_mut() {
                    step.happened.push(moment(own));
                }
            }
        }
    }
    (!steps.is_empty()).then_some(Block::Strip(steps))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Dialog, Millis, StepOutcome, StepRecord};

    #[test]
    fn each_step_holds_what_happened_until_the_next() {
        let step = |line, at| StepRecord {
            line,
            what: format!("step {line}"),
            at: Millis(at),
            until: Millis(at + 5.0),
            outcome: StepOutcome::Done,
        };
        let dialog = |at| Dialog {
            at: Millis(at),
            text: "hello".to_owned(),
        };
        let evidence = Evidence {
            steps: vec![step(3, 1.0), step(4, 20.0)],
            dialogs: vec![dialog(2.0), dialog(9.0), dialog(30.0)],
            left_at: Some(Millis(40.0)),
            ..Evidence::default()
        };
        let Some(Block::Strip(steps)) = strip(&evidence) else {
            panic!("there are steps");
        };
        let counts: Vec<usize> = steps.iter().map(|own| own.happened.len()).collect();
        assert_eq!(counts, [2, 1, 0]);
        let until: Vec<f64> = steps.iter().map(|own| own.until_ms).collect();
        assert_eq!(until, [6.0, 25.0, 40.0]);
        assert!(strip(&Evidence::default()).is_none());
    }
}
