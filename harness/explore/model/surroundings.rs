//! What is done to the script, to the backend and to the network.

use super::step::{Done, only_if};
use super::world::{Chat, Sdk, World};
use crate::scenario::{BackendState, NetworkState, ScriptState, SnippetPlace};

/// More requests that wait for seconds keep later ones back.
const MOST_SLOW_CALLS: usize = 3;

/// In Chromium a redirected request keeps its connection until its preflight is answered, which
/// needs another one: six at the same time wait for each other until they fail.
const MOST_REDIRECTED_CALLS: usize = 5;

impl World {
    pub(super) fn script(&mut self, state: ScriptState) -> Done {
        only_if(state != self.script && self.runs_snippet_without_sdk())?;
        let is_held = self.has_page(|sdk| sdk == Sdk::Held);
        match state {
            ScriptState::Open => {}
            ScriptState::Held => only_if(self.script == ScriptState::Open)?,
            ScriptState::Blocked => only_if(!is_held)?,
            ScriptState::FailsOnce => only_if(!is_held && !self.storefront.sdk_twice)?,
        }
        // A page may still ask for its script, or for the part of it that the chat needs.
        only_if(!self.has_page(|sdk| sdk == Sdk::Coming) && !self.opens_a_chat())?;
        self.script = state;
        if state == ScriptState::Open {
            for page in self.pages_mut().filter(|page| page.sdk == Sdk::Held) {
                page.sdk = Sdk::Coming;
            }
        }
        Ok(())
    }

    /// Whether the snippet runs on a page whose script is held back or fails.
    fn runs_snippet_without_sdk(&self) -> bool {
        match self.storefront.snippet {
            SnippetPlace::BeforeSdk | SnippetPlace::Twice => true,
            SnippetPlace::AfterSdk | SnippetPlace::Absent => false,
        }
    }

    pub(super) fn set_backend(&mut self, state: BackendState) -> Done {
        only_if(state != self.backend)?;
        // What a page still loads from there would be lost.
        only_if(!state.refuses_connections() || !self.loads_something())?;
        let was_recording = self.records();
        self.backend = state;
        only_if(self.has_connections_for(0))?;
        self.backend_changes(was_recording);
        Ok(())
    }

    /// Whether the browser gets so many calls more to the backend as it is: it has six connections
    /// to a host.
    pub(super) fn has_connections_for(&self, calls: usize) -> bool {
        match self.backend {
            BackendState::VerySlow => self.facts.slow_calls + calls <= MOST_SLOW_CALLS,
            BackendState::Redirects => {
                let unseen = self.calls.iter().filter(|call| !call.confirmed);
                unseen.count() + calls <= MOST_REDIRECTED_CALLS
            }
            BackendState::Well
            | BackendState::Error500
            | BackendState::Error403
            | BackendState::TooMany
            | BackendState::Slow
            | BackendState::Held
            | BackendState::DropsRequest
            | BackendState::DropsResponse
            | BackendState::Refused
            | BackendState::NoCors => true,
        }
    }

    /// Whether a page may still load its SDK, or a part of it.
    fn loads_something(&self) -> bool {
        self.has_page(is_on_its_way) || self.opens_a_chat()
    }

    /// Whether a chat was opened and not used since, so that nobody has seen it work.
    fn opens_a_chat(&self) -> bool {
        let mut pages = self.windows.values().filter_map(|own| own.page.as_ref());
        pages.any(|page| page.chat == Chat::Opened)
    }

    pub(super) fn network(&mut self, state: NetworkState) -> Done {
        let is_offline = state == NetworkState::Offline;
        only_if(is_offline != self.offline)?;
        // What a page still loads would be lost.
        only_if(!is_offline || !self.loads_something())?;
        let was_recording = self.records();
        self.offline = is_offline;
        self.backend_changes(was_recording);
        Ok(())
    }
}

/// Whether a page may still load its SDK.
fn is_on_its_way(sdk: Sdk) -> bool {
    match sdk {
        Sdk::Coming | Sdk::Held => true,
        Sdk::Ready | Sdk::Never => false,
    }
}
