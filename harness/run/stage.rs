//! The two servers of a run, and what they keep for one attempt.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use thiserror::Error;
use tokio::sync::Mutex;

use crate::backend::{Account, Backend, PrivateGateway, SessionProxy};
use crate::contract::Visitor;
use crate::evidence::{Clock, Contact};
use crate::plan::Case;
use crate::scenario::{BackendState, Domain};
use crate::sdk::{Installation, Profile};
use crate::storefront::{PageError, Pages, Shop, Storefront};

/// The storefront and the backend of a run.
#[derive(Debug)]
pub struct Stage {
    /// What the build under test is like.
    pub profile: Arc<Profile>,
    storefront: Storefront,
    backend: Backend,
    opened: AtomicU64,
    /// Where an API listens that a case has for itself.
    private_apis: SocketAddr,
}

/// The servers cannot be started.
#[derive(Debug, Error)]
pub enum StageError {
    /// No port can be had. The machine at fault.
    #[error("cannot listen on 127.0.0.1: {0}")]
    Port(#[from] io::Error),
    /// A page of the storefront is broken. The harness at fault.
    #[error(transparent)]
    Page(#[from] PageError),
}

/// What the servers keep for one attempt at one case: hosts of its own, so that nothing is shared
/// with any other.
#[derive(Debug)]
pub struct CaseStage {
    /// The case's clock.
    pub clock: Clock,
    /// Its storefront.
    pub shop: Arc<Shop>,
    /// Its account.
    pub account: Arc<Account>,
    /// The first label of its hosts.
    pub label: String,
    domain: Domain,
    shop_port: u16,
    private_gateway: Option<Mutex<PrivateGateway>>,
}

impl Stage {
    /// Starts both servers.
    pub async fn start(profile: Arc<Profile>) -> Result<Self, StageError> {
        let pages = Pages::new(Arc::clone(&profile))?;
        let storefront = Storefront::start(pages).await?;
        let backend = Backend::start(Arc::clone(&profile), storefront.address).await?;
        Ok(Self {
            profile,
            storefront,
            backend,
            opened: AtomicU64::new(0),
            private_apis: (Ipv4Addr::LOCALHOST, 0).into(),
        })
    }

    /// The same; an API that a case has for itself listens at this address.
    #[must_use]
    pub fn with_private_apis_at(self, address: SocketAddr) -> Self {
        Self {
            private_apis: address,
            ..self
        }
    }

    /// Opens fresh hosts for one attempt at `case` on `installation`.
    ///
    /// # Errors
    /// If the case needs a port of its own and none can be had.
    pub async fn open(
        &self,
        case: &Case,
        installation: &Installation,
    ) -> Result<CaseStage, StageError> {
        let label = format!("c{}", self.opened.fetch_add(1, Ordering::Relaxed));
        let clock = Clock::start();
        let shop = Shop::new(
            case.scenario.storefront.clone(),
            case.axes.load,
            case.axes.condition.clone(),
            installation.clone(),
            clock,
        );
        let account = Account::new(clock);
        let mut steps = case.scenario.steps.iter();
        let private_gateway = if steps.any(|(_, step)| step.facts().own_port) {
            Some(self.backend.private_gateway(self.private_apis).await?)
        } else {
            None
        };
        let own_address = private_gateway.as_ref().map(|gateway| gateway.address);
        let api_port = own_address.unwrap_or(self.backend.address).port();
        for visitor in [Visitor::First, Visitor::Second] {
            let label = label_of(&label, visitor);
            let api = format!("http://{label}.api.localhost:{api_port}");
            self.storefront.open(&label, Arc::clone(&shop), api);
            self.backend.open(&label, Arc::clone(&account), visitor);
        }
        Ok(CaseStage {
            clock,
            shop,
            account,
            label,
            domain: case
                .axes
                .condition
                .as_ref()
                .map_or_else(Domain::default, |own| own.domain),
            shop_port: self.storefront.address.port(),
            private_gateway: private_gateway.map(Mutex::new),
        })
    }

    /// The proxy of one session: routes pages to the vendor's hosts, and denies all others.
    pub async fn session_proxy(&self) -> io::Result<SessionProxy> {
        self.backend.session_proxy().await
    }

    /// The contacts that belong to no open case.
    pub fn unattributed_contacts(&self) -> Vec<Contact> {
        self.backend.unattributed_contacts()
    }

    /// Whether an event request of an attempt came after its hosts were closed, which may change
    /// its verdict.
    pub fn was_late(&self, label: &str) -> bool {
        [Visitor::First, Visitor::Second]
            .into_iter()
            .any(|visitor| self.backend.was_late(&label_of(label, visitor)))
    }

    /// Answers a request to a shop that came to another server than the storefront's own.
    pub async fn answer(&self, request: axum::extract::Request) -> axum::response::Response {
        self.storefront.answer(request).await
    }

    /// Closes the hosts of an attempt. Whatever ended it, no answer is held any more.
    pub fn close(&self, case: &CaseStage) {
        case.account.release_answers();
        for visitor in [Visitor::First, Visitor::Second] {
            let label = label_of(&case.label, visitor);
            self.storefront.close(&label);
            self.backend.close(&label);
        }
    }
}

impl CaseStage {
    /// The address of a page of the shop, as `visitor` sees it.
    pub fn url(&self, page: &str, visitor: Visitor) -> String {
        self.url_at(self.shop_port, page, visitor)
    }

    /// As `url`, of a server at `port`.
    pub fn url_at(&self, port: u16, page: &str, visitor: Visitor) -> String {
        let page = page.trim_start_matches('/');
        let page = if page == "index" { "" } else { page };
        let label = label_of(&self.label, visitor);
        format!("http://{label}.{}:{port}/{page}", self.domain.name())
    }

    /// The address of a page of another site, in whose only frame the shop is shown.
    pub fn framing_url(&self, visitor: Visitor) -> String {
        let label = label_of(&self.label, visitor);
        format!("http://{label}.portal.localhost:{}/frame", self.shop_port)
    }

    /// Sets how the backend behaves from now on.
    pub async fn set_backend(&self, state: BackendState) -> io::Result<()> {
        self.account.set_state(state);
        let Some(gateway) = &self.private_gateway else {
            return Ok(());
        };
        let mut gateway = gateway.lock().await;
        if state.refuses_connections() {
            gateway.refuse().await
        } else {
            gateway.accept()
        }
    }
}

fn label_of(label: &str, visitor: Visitor) -> String {
    match visitor {
        Visitor::First => label.to_owned(),
        Visitor::Second => format!("{label}-2"),
    }
}
