use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::Request;
use axum::response::Response;
use tokio::sync::watch;

use super::View;
use super::model::{Entry, State};
use super::recorder::{PageRequest, Recorder, with_script};
use super::recording::Deed;
use crate::contract::Visitor;
use crate::input::Files;
use crate::run::{CaseStage, Stage, StageError};
use crate::scenario::{BackendState, ScriptState};
use crate::sdk::Installation;

/// The state of one `serve`: a shop and a backend, and the controls on them.
#[derive(Debug)]
pub struct ServeSession {
    pub view: View,
    pub own: CaseStage,
    stage: Stage,
    /// Requests before this number were cleared away. The checks remember them: so does the SDK.
    cleared: AtomicU64,
    /// How often the build has changed.
    builds: AtomicU64,
    controls: watch::Sender<()>,
    /// Watches what the person does, where that was asked for.
    recorder: Option<Recorder>,
}

impl ServeSession {
    /// Opens the shop of `installation`, whose API is at `api`; records what the person does where
    /// `records`.
    ///
    /// # Errors
    /// If no port can be had, or the pages are broken.
    pub async fn open(
        view: View,
        installation: &Installation,
        api: SocketAddr,
        records: bool,
    ) -> Result<Arc<Self>, StageError> {
        let stage = Stage::start(Arc::clone(&view.profile)).await?;
        let stage = stage.with_private_apis_at(api);
        let own = stage.open(&view.case, installation).await?;
        Ok(Arc::new(Self {
            view,
            own,
            stage,
            cleared: AtomicU64::new(0),
            builds: AtomicU64::new(0),
            controls: watch::Sender::new(()),
            recorder: records.then(Recorder::default),
        }))
    }

    /// The shop as `visitor` sees it, through a door at `port`.
    pub fn shop(&self, visitor: Visitor, port: u16) -> String {
        self.own.url_at(port, "index", visitor)
    }

    /// What is served now, through a door at `port`.
    pub fn state(&self, port: u16) -> State {
        let (installation, fetches) = (self.own.shop.installation(), self.own.shop.fetches());
        State {
            sdk: installation.build.source.clone(),
            sha256: installation.build.sha256.clone(),
            changes: self.builds.load(Ordering::Relaxed),
            profile: self.view.profile.name.clone(),
            shop: self.shop(Visitor::First, port),
            second_shop: self.shop(Visitor::Second, port),
            script: self.own.shop.script(),
            script_answers: fetches.len(),
            script_status: fetches.last().map(|fetch| fetch.status),
            backend: self.own.account.state(),
            cleared: self.cleared.load(Ordering::Relaxed),
        }
    }

    /// The entry of request `number`, counted from 0; `None` where it has not come yet.
    pub fn entry(&self, number: u64) -> Option<Entry> {
        let requests = self.own.account.requests();
        self.view
            .entry(requests.get(..=usize::try_from(number).ok()?)?)
    }

    /// Sets how the SDK's script is answered.
    pub fn set_script(&self, state: ScriptState) {
        self.own.shop.set_script(state);
        self.note(Deed::Script(state));
    }

    /// Sets how the backend behaves.
    ///
    /// # Errors
    /// If the port of a refusing backend cannot be kept.
    pub async fn set_backend(&self, state: BackendState) -> io::Result<()> {
        let set = self.own.set_backend(state).await;
        self.note(Deed::Backend(state));
        self.controls.send_replace(());
        set
    }

    /// Serves another build, or another snippet, to pages that are loaded from now on.
    pub fn install(&self, installation: Installation) {
        self.own.shop.install(installation);
        self.builds.fetch_add(1, Ordering::Relaxed);
        self.controls.send_replace(());
    }

    /// Clears away every request so far.
    pub fn clear(&self) {
        self.cleared
            .store(self.own.account.requests().len() as u64, Ordering::Relaxed);
        self.controls.send_replace(());
    }

    /// Changes with each control but the script's.
    pub fn controls(&self) -> watch::Receiver<()> {
        self.controls.subscribe()
    }

    /// Answers a request to the shop.
    pub async fn serve(&self, request: Request) -> Response {
        let Some(recorder) = &self.recorder else {
            return self.stage.answer(request).await;
        };
        let clock = self.own.clock;
        let request = match recorder.take(request, clock).await {
            Ok(answered) => return answered,
            Err(request) => request,
        };
        let page = PageRequest::of(&request, clock.now());
        let response = self.stage.answer(request).await;
        match page.filter(|_| response.status().is_success()) {
            Some(page) => {
                recorder.opened(page);
                with_script(response).await
            }
            None => response,
        }
    }

    /// What the person did so far, as a scenario; `None` where nothing was recorded.
    pub fn recorded(&self, files: &Files) -> Option<String> {
        let recorder = self.recorder.as_ref()?;
        let requests = self.own.account.requests();
        recorder
            .recording()
            .scenario(&requests, &self.view.profile, files)
    }

    fn note(&self, deed: Deed) {
        if let Some(recorder) = &self.recorder {
            let now = self.own.clock.now();
            recorder.recording().add(now, Visitor::First, deed);
        }
    }
}
