//! What the fixtures come to in one engine.

use super::Failure;
use super::loading::Loaded;
use crate::browser::{EngineRef, engine_ids};
use crate::input::Files;
use crate::plan::{Case, exclude_never_done};
use crate::verdict::known::{Entry, exclude_limits, limits};

/// What the engine cannot keep, whatever a build does.
pub fn limits_of(engine: EngineRef, files: &Files) -> Result<Vec<Entry>, Failure> {
    Ok(limits(files, engine.id(), &engine_ids())?)
}

/// Takes the checks out of `cases` that say nothing of a build in this engine, each with the
/// reason: it never does what they need, or cannot keep what they ask.
pub fn exclude_untestable(
    cases: &mut [Case],
    engine: EngineRef,
    files: &Files,
) -> Result<(), Failure> {
    exclude_never_done(cases, &engine.never_does());
    exclude_limits(cases, &limits_of(engine, files)?);
    Ok(())
}

impl Loaded {
    /// Every case. The checks that say nothing in this engine do not apply.
    pub fn plan_in(&self, engine: EngineRef) -> Result<Vec<Case>, Failure> {
        let mut cases = self.plan();
        exclude_untestable(&mut cases, engine, &self.files)?;
        Ok(cases)
    }
}
