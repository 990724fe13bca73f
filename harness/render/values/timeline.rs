//! All that happened in an attempt.

use crate::evidence::Evidence;
use crate::reading;
use crate::render::document::{Block, Moment, Text};

/// Steps, calls, console errors, requests and the backend's decisions on one clock; nothing where
/// nothing happened.
pub fn timeline(evidence: &Evidence) -> Option<Block> {
    let moments = moments(evidence);
    (!moments.is_empty()).then_some(Block::Timeline(moments))
}

/// All that happened, in its order.
pub(super) fn moments(evidence: &Evidence) -> Vec<Moment> {
    reading::timeline(evidence)
        .into_iter()
        .map(moment)
        .collect()
}

/// One thing that happened.
pub(super) fn moment(moment: reading::Moment) -> Moment {
    Moment {
        ms: moment.at.0,
        at: Text::from(moment.at),
        kind: moment.kind.word(),
        what: Text::from(moment.what),
        outcome: moment.outcome.map(Text::from),
        detail: moment.detail.map(Text::from),
        is_wrong: moment.is_wrong,
    }
}
