//! The proxy of all sessions, through which pages reach hosts by their public names. It routes the
//! vendor's hosts to the gateway, as the API's base URL does, and those of shops to the storefront,
//! for browsers that cannot give them an address of this machine; it denies any other and records
//! it. It never connects anywhere else itself.
//!
//! The host does not identify the case here. The `Origin` header does, or else `Referer`. Pages
//! without an origin, and frames of the vendor's own, have neither: they belong to the case that
//! their session is on, and so does a connection that is refused before a request is made.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

use super::certificates::Certificates;
use super::gateway::Gateway;
use super::head::{Head, read_head};
use super::responder::account_of;
use super::target::Target;
use super::tunnel::{Stream, Tunnel};
use crate::evidence::{Asker, Clock, Contact};
use crate::scenario::BackendState;

/// The hosts of the shops' pages end so, and begin with the label of their case.
const SHOPS: [&str; 2] = [".shop.localhost", ".shop.co.uk"];

const ESTABLISHED: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";
const REFUSED: &[u8] =
    b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// What the proxies of all sessions share.
#[derive(Debug)]
pub struct Proxy {
    gateway: Arc<Gateway>,
    certificates: Certificates,
    clock: Clock,
    unattributed: Mutex<Vec<Contact>>,
}

/// The proxy of one session, on a loopback port of its own. Closes when dropped.
#[derive(Debug)]
pub struct SessionProxy {
    /// Where it listens.
    pub address: SocketAddr,
    current: CurrentCase,
    server: JoinHandle<()>,
}

/// The label of the case that a session is on.
#[derive(Debug, Clone, Default)]
struct CurrentCase(Arc<RwLock<Option<String>>>);

impl CurrentCase {
    fn label(&self) -> Option<String> {
        let current = self.0.read().unwrap_or_else(PoisonError::into_inner);
        current.clone()
    }
}

impl SessionProxy {
    /// From now on the session is on the case of `label`.
    pub fn set_case(&self, label: &str) {
        let current = &self.current.0;
        *current.write().unwrap_or_else(PoisonError::into_inner) = Some(label.to_owned());
    }
}

impl Drop for SessionProxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Proxy {
    pub fn new(gateway: Arc<Gateway>) -> io::Result<Self> {
        Ok(Self {
            gateway,
            certificates: Certificates::new()?,
            clock: Clock::start(),
            unattributed: Mutex::default(),
        })
    }

    /// The proxy of one session.
    pub async fn for_session(self: Arc<Self>) -> io::Result<SessionProxy> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (address, current) = (listener.local_addr()?, CurrentCase::default());
        let server = tokio::spawn(self.serve(listener, current.clone()));
        Ok(SessionProxy {
            address,
            current,
            server,
        })
    }

    /// The contacts that belong to no open case: of the browser itself, or of a page whose case was
    /// closed.
    pub fn unattributed(&self) -> Vec<Contact> {
        self.lock_unattributed().clone()
    }

    async fn serve(self: Arc<Self>, listener: TcpListener, current: CurrentCase) {
        loop {
            // A failed accept is one connection the peer gave up; the next one is served.
            if let Ok((browser, _)) = listener.accept().await {
                let (proxy, current) = (Arc::clone(&self), current.clone());
                tokio::spawn(async move {
                    // An error is a connection that one of the sides closed early, as browsers do
                    // when a page goes away.
                    let _ = proxy.connection(browser, &current).await;
                });
            }
        }
    }

    async fn connection(&self, mut browser: TcpStream, current: &CurrentCase) -> io::Result<()> {
        let Some((head, received)) = read_head(&mut browser).await? else {
            return Ok(());
        };
        if head.method == "CONNECT" {
            return self.tunnel(browser, &head, current).await;
        }
        match Target::of_url(&head.path) {
            Some((target, path)) => {
                let request = (head, received);
                self.request(browser, &target, path, request, current).await
            }
            None => Ok(()),
        }
    }

    async fn tunnel(
        &self,
        mut browser: TcpStream,
        connect: &Head,
        current: &CurrentCase,
    ) -> io::Result<()> {
        let Some((host, port)) = Target::of_authority(&connect.path) else {
            return Ok(());
        };
        let is_ours = self.gateway.profile.names_host(&host);
        if is_ours && self.is_refusing(current.label().as_deref()) {
            return browser.write_all(REFUSED).await;
        }
        browser.write_all(ESTABLISHED).await?;
        match Tunnel::enter(browser, &self.certificates, &host).await? {
            Some(Tunnel {
                scheme,
                browser,
                head,
                received,
            }) => {
                let target = Target { scheme, host, port };
                let (path, request) = (head.path.clone(), (head, received));
                self.request(browser, &target, path, request, current).await
            }
            None if is_ours => Ok(()),
            None => {
                let contact = Contact {
                    at: self.clock.now(),
                    asker: Asker::Browser,
                    host,
                    method: connect.method.clone(),
                    url: None,
                    ours: false,
                };
                self.note(None, contact);
                Ok(())
            }
        }
    }

    /// Takes a request for one of our hosts to the gateway, in the name of its case. What is denied
    /// gets no answer, as where a name does not resolve.
    async fn request(
        &self,
        browser: impl Stream,
        target: &Target,
        path: String,
        (head, received): (Head, Vec<u8>),
        current: &CurrentCase,
    ) -> io::Result<()> {
        let is_shop = SHOPS.iter().any(|shop| target.host.ends_with(shop));
        if is_shop && target.port == self.gateway.storefront.port() {
            let host = format!("{}:{}", target.host, target.port);
            let (_, received) = head.redirected(host, path, &received);
            return self.gateway.carry_to_shop(browser, &received).await;
        }
        let ours = self.gateway.profile.names_host(&target.host);
        let asker = if ours || self.is_of_a_page(&head) {
            Asker::Page
        } else {
            Asker::Browser
        };
        let label = label_in(&head).or_else(|| current.label());
        let label = label.filter(|_| asker == Asker::Page);
        let contact = Contact {
            at: self.clock.now(),
            asker,
            host: target.host.clone(),
            method: head.method.clone(),
            url: Some(target.url(&path)),
            ours,
        };
        self.note(label.as_deref(), contact);
        if !ours || self.is_refusing(label.as_deref()) {
            return Ok(());
        }
        let host = match label {
            Some(label) => format!("{label}.api.localhost"),
            None => target.host.clone(),
        };
        let (head, received) = head.redirected(host, path, &received);
        self.gateway.carry(browser, head, received).await
    }

    /// Whether a page asks, and not the browser in the name of one of its vendor's. A page of
    /// another host than these was never answered.
    fn is_of_a_page(&self, head: &Head) -> bool {
        let is_page = |page: &String| match Url::parse(page) {
            Ok(url) => url.host_str().is_some_and(|host| {
                let is_shop = SHOPS.iter().any(|shop| host.ends_with(shop));
                is_shop || self.gateway.profile.names_host(host)
            }),
            // An opaque origin: `null`.
            Err(_) => true,
        };
        head.origin.iter().chain(&head.referer).any(is_page)
    }

    fn note(&self, label: Option<&str>, contact: Contact) {
        match label.and_then(|label| account_of(&self.gateway.accounts, label)) {
            Some((account, _)) => account.note(contact),
            None => self.lock_unattributed().push(contact),
        }
    }

    fn lock_unattributed(&self) -> MutexGuard<'_, Vec<Contact>> {
        self.unattributed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn is_refusing(&self, label: Option<&str>) -> bool {
        let account = label.and_then(|label| account_of(&self.gateway.accounts, label));
        account.is_some_and(|(account, _)| account.state() == BackendState::Refused)
    }
}

/// The case of the page that asks, by its origin.
fn label_in(head: &Head) -> Option<String> {
    let of_shop = |page: &String| {
        let url = Url::parse(page).ok()?;
        let host = url.host_str()?;
        let mut labels = SHOPS.iter().filter_map(|shop| host.strip_suffix(shop));
        labels.next().map(str::to_owned)
    };
    let mut pages = head.origin.iter().chain(&head.referer);
    pages.find_map(of_shop)
}
