use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::evidence::{Clock, ScriptFetch};
use crate::scenario::{Load, ScriptState, StorefrontOptions};
use crate::sdk::Build;

/// The storefront of one case: its own variant of the pages and its own script gate.
#[derive(Debug)]
pub struct Shop {
    /// How the pages are built.
    pub options: StorefrontOptions,
    /// How they load the SDK.
    pub load: Load,
    /// The build they load.
    pub build: Build,
    clock: Clock,
    gate: watch::Sender<ScriptState>,
    fetches: Mutex<Vec<ScriptFetch>>,
    left_with_cookies: AtomicBool,
}

impl Shop {
    /// A shop with an open gate.
    #[must_use]
    pub fn new(options: StorefrontOptions, load: Load, build: Build, clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            options,
            load,
            build,
            clock,
            gate: watch::Sender::new(ScriptState::Open),
            fetches: Mutex::default(),
            left_with_cookies: AtomicBool::new(false),
        })
    }

    /// Sets how the script is answered from now on; requests that wait are answered now.
    pub fn set_script(&self, state: ScriptState) {
        self.gate.send_replace(state);
    }

    /// How the script is answered now.
    #[must_use]
    pub fn script(&self) -> ScriptState {
        *self.gate.borrow()
    }

    /// Waits while the gate is held, then says how to answer one request.
    pub async fn pass_gate(&self) -> ScriptState {
        let mut gate = self.gate.subscribe();
        let state = *gate.wait_for(|state| *state != ScriptState::Held).await.expect("the gate lives as long as its shop");
        if state == ScriptState::FailsOnce {
            self.gate.send_if_modified(|state| std::mem::replace(state, ScriptState::Open) == ScriptState::FailsOnce);
        }
        state
    }

    /// Notes that the browser sent cookies along when it left the shop: some may belong to the parent domain, which other cases share.
    pub fn note_cookies(&self) {
        self.left_with_cookies.store(true, Ordering::Relaxed);
    }

    /// Whether it did.
    #[must_use]
    pub fn left_with_cookies(&self) -> bool {
        self.left_with_cookies.load(Ordering::Relaxed)
    }

    /// Notes an answer.
    pub fn note_fetch(&self, status: u16, sha256: Option<String>) {
        self.lock().push(ScriptFetch { at: self.clock.now(), status, sha256 });
    }

    /// Every answer so far.
    #[must_use]
    pub fn fetches(&self) -> Vec<ScriptFetch> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<ScriptFetch>> {
        self.fetches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
