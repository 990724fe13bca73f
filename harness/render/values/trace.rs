//! A case as a person steps through it: the page after each step, and what happened until then.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::timeline::moments;
use crate::evidence::{Evidence, Frame};
use crate::render::document::{Block, Moment, Text, TraceFrame};

/// The frames of a traced attempt, with pictures of at most so many bytes together; nothing where
/// it was not traced.
pub fn trace(evidence: &Evidence, mut room: usize) -> Option<Block> {
    let mut moments = moments(evidence).into_iter().peekable();
    let mut frames = Vec::new();
    for (index, own) in evidence.frames.iter().enumerate() {
        let is_last = index + 1 == evidence.frames.len();
        let until = if is_last { f64::INFINITY } else { own.at.0 };
        let mut before: Vec<Moment> = Vec::new();
        while let Some(moment) = moments.next_if(|moment| moment.ms <= until) {
            before.push(moment);
        }
        let picture = picture(own).filter(|png| png.len() <= room);
        room -= picture.as_ref().map_or(0, Vec::len);
        let step = evidence.steps.get(own.step);
        let what = step.map(|step| format!("line {}: {}", step.line, step.what));
        frames.push(TraceFrame {
            at: Text::from(own.at),
            what: Text::from(what.unwrap_or_default()),
            picture,
            moments: before,
            dom: own.dom.clone().map(Text::from),
        });
    }
    (!frames.is_empty()).then_some(Block::Trace(frames))
}

fn picture(frame: &Frame) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(frame.picture.as_ref()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Millis, StepOutcome, StepRecord};

    /// Two steps; the page looks different after the first alone.
    fn traced() -> Evidence {
        let step = |line, at| StepRecord {
            line,
            what: format!("step {line}"),
            at: Millis(at),
            until: Millis(at + 5.0),
            outcome: StepOutcome::Done,
        };
        let frame = |step, at, picture: Option<&str>| Frame {
            step,
            at: Millis(at),
            picture: picture.map(str::to_owned),
            dom: Some("<b>bold</b>".to_owned()),
        };
        Evidence {
            steps: vec![step(3, 1.0), step(4, 20.0)],
            frames: vec![frame(0, 10.0, Some("iVBORw==")), frame(1, 30.0, None)],
            ..Evidence::default()
        }
    }

    fn frames(evidence: &Evidence, room: usize) -> Vec<TraceFrame> {
        match trace(evidence, room) {
            Some(Block::Trace(frames)) => frames,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_frame_holds_what_happened_until_then() {
        let frames = frames(&traced(), 100);
        let counts: Vec<usize> = frames.iter().map(|own| own.moments.len()).collect();
        assert_eq!(counts, [1, 1]);
        assert!(frames[0].picture.is_some() && frames[1].picture.is_none());
    }

    #[test]
    fn pictures_beyond_the_room_are_left_out() {
        assert!(frames(&traced(), 3)[0].picture.is_none());
        assert!(trace(&Evidence::default(), 100).is_none());
    }
}
