//! What prerequisites hold back, and when one is tried again before it has failed.

use std::sync::Arc;

use tokio::sync::watch;

use super::Batch;
use crate::plan::Case;
use crate::run::crew::Crew;
use crate::run::open_case::OpenCase;
use crate::run::progress::Progress;

/// Why a prerequisite is tried again that has not failed yet.
const NOT_READY: &str = "its page is not ready yet: to see whether that repeats";

impl Batch<'_> {
    /// Whether nothing may begin before more is known of a prerequisite.
    pub(super) fn is_held_back(&self) -> bool {
        !self.is_second_look() && self.open.values().any(OpenCase::is_awaited)
    }

    /// An interrupted round may have left attempts of its own under way: its cases are others.
    pub(super) fn note_good(&mut self, case: &Arc<Case>, number: usize) {
        let open = self.open.get_mut(&case.id);
        if let Some(open) = open.filter(|open| Arc::ptr_eq(&open.case, case)) {
            open.note_good(number);
        }
    }

    /// The prerequisite that all else waits for, as long as its first attempt is under way.
    pub(super) fn awaited_at_first(&self) -> Option<&str> {
        if self.is_second_look() {
            return None;
        }
        let awaited = self.open.values().find(|open| open.is_awaited())?;
        awaited
            .has_only_its_first_attempt()
            .then_some(&*awaited.case.id)
    }

    /// Tries a prerequisite again while its first attempt still waits for its page: nothing else
    /// can be done meanwhile, and each attempt has its full deadlines.
    pub(super) fn repeat_beside(&mut self, crew: &mut Crew, progress: &mut Progress<'_>) {
        let Some(id) = self.awaited_at_first().map(str::to_owned) else {
            return;
        };
        let Some(mut open) = self.open.remove(&id) else {
            return;
        };
        crew.grow_to(self.setup.options.most_workers);
        let retries = self.setup.options.retries;
        self.put_again(&mut open, retries, NOT_READY, crew, progress);
        self.open.insert(id, open);
    }
}

/// Waits until a page is not ready when it should be.
pub(super) async fn doubted(doubts: &mut watch::Receiver<usize>) {
    if doubts.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}
