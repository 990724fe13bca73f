//! The two servers of a run, and what they keep for one attempt.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use thiserror::Error;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::backend::{Account, Backend, PrivateGateway, SessionProxy};
use crate::browser::Reach;
use crate::contract::Visitor;
use crate::evidence::{Ahead, Clock, Contact};
use crate::plan::Case;
use crate::scenario::{BackendState, Domain};
use crate::sdk::{Installation, Profile};
use crate::storefront::{PageError, Pages, Shop, Storefront, TRIAL};

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
    /// By which address browsers on other machines reach this one; `None`: there are none.
    advertised: Option<IpAddr>,
}

/// A page and a backend by which a browser shows that it reaches both.
#[derive(Debug)]
pub struct Trial {
    /// The URL of the page.
    pub page: String,
    /// The URL of the backend.
    pub api: String,
    label: String,
    account: Arc<Account>,
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
            advertised: None,
        })
    }

    /// The same, for browsers on other machines that reach this one at `address`.
    #[must_use]
    pub fn advertised_at(self, address: IpAddr) -> Self {
        Self {
            advertised: Some(address),
            ..self
        }
    }

    /// Where the browsers run.
    pub fn reach(&self) -> Reach {
        self.advertised.map_or(Reach::Local, Reach::Remote)
    }

    /// The same; an API that a case has for itself listens at this address.
    #[must_use]
    pub fn with_private_apis_at(self, address: SocketAddr) -> Self {
        Self {
            private_apis: address,
            ..self
        }
    }

    /// Opens fresh hosts for one attempt at `case` on `installation`, in a browser on this machine.
    ///
    /// # Errors
    /// If the case needs a port of its own and none can be had.
    pub async fn open(
        &self,
        case: &Case,
        installation: &Installation,
    ) -> Result<CaseStage, StageError> {
        self.open_in(case, installation, Ahead::default()).await
    }

    /// As `open`, in a browser whose wall clock differs from ours.
    pub async fn open_in(
        &self,
        case: &Case,
        installation: &Installation,
        browser: Ahead,
    ) -> Result<CaseStage, StageError> {
        let label = self.label();
        let clock = Clock::start_in(browser);
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

    /// The first label of the hosts of one attempt. Who does not know it reaches none of them from
    /// another machine. Its digits alone differ, so that messages that name it are alike.
    fn label(&self) -> String {
        let number = self.opened.fetch_add(1, Ordering::Relaxed);
        match self.reach() {
            Reach::Local => format!("c{number}"),
            Reach::Remote(_) => format!("c{number}-{}", Uuid::new_v4().as_u128()),
        }
    }

    /// Opens a page and a backend for the session of this proxy to try.
    pub fn open_trial(&self, proxy: &SessionProxy) -> Trial {
        let (label, account) = (self.label(), Account::new(Clock::start()));
        proxy.admit(&label);
        self.backend
            .open(&label, Arc::clone(&account), Visitor::First);
        let (shop, api) = (self.storefront.address.port(), self.backend.address.port());
        Trial {
            page: format!("http://{label}.shop.localhost:{shop}/{TRIAL}"),
            api: format!("http://{label}.api.localhost:{api}/{TRIAL}"),
            label,
            account,
        }
    }

    /// Whether the backend of a trial gets a request within this time.
    pub async fn heard_of(&self, trial: &Trial, within: Duration) -> bool {
        let came = trial.account.wait_until(|requests| !requests.is_empty());
        tokio::time::timeout(within, came).await.is_ok()
    }

    /// Closes a trial.
    pub fn close_trial(&self, trial: &Trial) {
        self.backend.close(&trial.label);
    }

    /// The proxy of one session: routes pages to the vendor's hosts, and denies all others.
    pub async fn session_proxy(&self) -> io::Result<SessionProxy> {
        self.backend.session_proxy(self.advertised).await
    }

    /// How many requests the proxies refused that came from no session's browser, by their address.
    pub fn strangers(&self) -> BTreeMap<IpAddr, usize> {
        self.backend.strangers()
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
    /// Has a session reach these hosts; what it asks for without a page's name is this case's.
    pub fn lead(&self, proxy: &SessionProxy) {
        proxy.set_case(&self.label);
        proxy.admit(&label_of(&self.label, Visitor::Second));
    }

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
