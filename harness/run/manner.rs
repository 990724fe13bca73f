use super::deadlines::DeadlineMode;
use super::wait_times::WaitTimes;

/// How an attempt is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner<'p> {
    /// With a picture at the end.
    pub picture: bool,
    /// With the page after each step.
    pub frames: bool,
    /// Which code of the build runs is noted, where the engine counts that.
    pub notes_code: bool,
    pub mode: DeadlineMode,
    /// What waits take with this build.
    pub waits: &'p WaitTimes,
}

impl<'p> Manner<'p> {
    /// With full deadlines, and nothing besides the evidence.
    pub fn full(waits: &'p WaitTimes) -> Self {
        Self {
            picture: false,
            frames: false,
            notes_code: false,
            mode: DeadlineMode::Full,
            waits,
        }
    }
}
