use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::page::Variant;
use crate::evidence::{Clock, ScriptFetch};
use crate::scenario::{Condition, Load, ScriptState, StorefrontOptions};
use crate::sdk::Installation;

/// The storefront of one case: its own variant of the pages and its own script gate.
#[derive(Debug)]
pub struct Shop {
    /// How the pages are built.
    pub options: StorefrontOptions,
    /// How they load the SDK.
    pub load: Load,
    /// The condition that they are under.
    pub condition: Option<Arc<Condition>>,
    /// What they install.
    installation: Mutex<Arc<Installation>>,
    clock: Clock,
    gate: watch::Sender<ScriptState>,
    fetches: Mutex<Vec<ScriptFetch>>,
}

impl Shop {
    /// A shop with an open gate.
    pub fn new(
        options: StorefrontOptions,
        load: Load,
        condition: Option<Arc<Condition>>,
        installation: Installation,
        clock: Clock,
    ) -> Arc<Self> {
        Arc::new(Self {
            options,
            load,
            condition,
            installation: Mutex::new(Arc::new(installation)),
            clock,
            gate: watch::Sender::new(ScriptState::Open),
            fetches: Mutex::default(),
        })
    }

    /// What its pages install now.
    pub fn installation(&self) -> Arc<Installation> {
        let installation = self.installation.lock();
        Arc::clone(&installation.unwrap_or_else(PoisonError::into_inner))
    }

    /// Pages that are loaded from now on install this build and this snippet.
    pub fn install(&self, installation: Installation) {
        let own = self.installation.lock();
        *own.unwrap_or_else(PoisonError::into_inner) = Arc::new(installation);
    }

    /// How its pages differ from the bundled ones; those of another `company` on its host in that,
    /// too.
    pub fn variant<'a>(
        &'a self,
        installation: &'a Installation,
        company: Option<&'a str>,
    ) -> Variant<'a> {
        Variant {
            options: &self.options,
            load: self.load,
            condition: self.condition.as_deref(),
            company,
            snippet: &installation.snippet,
        }
    }

    /// Sets how the script is answered from now on; requests that wait are answered now.
    pub fn set_script(&self, state: ScriptState) {
        self.gate.send_replace(state);
    }

    /// How the script is answered now.
    pub fn script(&self) -> ScriptState {
        *self.gate.borrow()
    }

    /// Receives each change of the gate, and each answer.
    pub fn changes(&self) -> watch::Receiver<ScriptState> {
        self.gate.subscribe()
    }

    /// Waits while the gate is held, then returns how to answer one request.
    pub async fn pass_gate(&self) -> ScriptState {
        let mut gate = self.gate.subscribe();
        let state = *gate
            .wait_for(|state| *state != ScriptState::Held)
            .await
            .expect("the gate lives as long as its shop");
        // One request alone gets the failure.
        let fails = self.gate.send_if_modified(|state| {
            let fails = *state == ScriptState::FailsOnce;
            if fails {
                *state = ScriptState::Open;
            }
            fails
        });
        match (fails, state) {
            (true, _) => ScriptState::FailsOnce,
            (false, ScriptState::Blocked) => ScriptState::Blocked,
            (false, _) => ScriptState::Open,
        }
    }

    /// Notes an answer.
    pub fn note_fetch(&self, status: u16, sha256: Option<String>) {
        self.lock().push(ScriptFetch {
            at: self.clock.now(),
            status,
            sha256,
        });
        // Who waits at the gate looks, and waits on.
        self.gate.send_modify(|_| ());
    }

    /// Every answer so far.
    pub fn fetches(&self) -> Vec<ScriptFetch> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<ScriptFetch>> {
        self.fetches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
