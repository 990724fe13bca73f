//! The proxy of all sessions, through which pages reach hosts by their public names. It routes the
//! vendor's hosts to the gateway, as the API's base URL does, and the harness's own names to its
//! servers, for browsers that cannot give them an address of this machine; it denies any other and
//! records it. It never connects anywhere else itself, and carries only whom its [`Door`] lets in.
//!
//! The host does not identify the case here. The `Origin` header does, or else `Referer`. Pages
//! without an origin, and frames of the vendor's own, have neither: they belong to the case that
//! their session is on, and so does a connection that is refused before a request is made.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

use super::certificates::Certificates;
use super::door::{Door, Refusals};
use super::gateway::{Gateway, pipe};
use super::head::{Head, read_head_within};
use super::names::{is_shop, label_in, own_label};
use super::responder::account_of;
use super::target::Target;
use super::tunnel::{Stream, Tunnel};
use crate::evidence::{Asker, Clock, Contact};
use crate::scenario::BackendState;

const ESTABLISHED: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";
const REFUSED: &[u8] =
    b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// How long the head of a request may take. Browsers open connections that they may need later; one
/// that is closed meanwhile is opened again.
const HEAD: Duration = Duration::from_secs(60);

/// After a connection that could not be taken: files are given back meanwhile.
const NO_FILE_LEFT: Duration = Duration::from_millis(20);

/// What the proxies of all sessions share.
#[derive(Debug)]
pub struct Proxy {
    gateway: Arc<Gateway>,
    certificates: Certificates,
    clock: Clock,
    unattributed: Mutex<Vec<Contact>>,
    refusals: Refusals,
}

/// The proxy of one session, on a port of its own. Closes when dropped.
#[derive(Debug)]
pub struct SessionProxy {
    /// Where it listens.
    pub address: SocketAddr,
    door: Arc<Door>,
    server: JoinHandle<()>,
}

impl SessionProxy {
    /// From now on the session is on the case of `label`.
    pub fn set_case(&self, label: &str) {
        self.door.admit(label);
        self.door.set_case(label);
    }

    /// The session reaches the names with this label, too.
    pub fn admit(&self, label: &str) {
        self.door.admit(label);
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
            refusals: Refusals::default(),
        })
    }

    /// The proxy of one session, whose browser is on this machine, or on another one that reaches
    /// this one at the address `advertised`.
    pub async fn for_session(
        self: Arc<Self>,
        advertised: Option<IpAddr>,
    ) -> io::Result<SessionProxy> {
        let at = advertised.unwrap_or(Ipv4Addr::LOCALHOST.into());
        let listener = TcpListener::bind((at, 0)).await?;
        let address = listener.local_addr()?;
        let door = Arc::new(Door::new(advertised.is_some()));
        let server = tokio::spawn(self.serve(listener, Arc::clone(&door)));
        Ok(SessionProxy {
            address,
            door,
            server,
        })
    }

    /// How many requests were refused that came from no session's browser, by their address.
    pub fn strangers(&self) -> BTreeMap<IpAddr, usize> {
        self.refusals.of_strangers()
    }

    /// The contacts that belong to no open case: of the browser itself, or of a page whose case was
    /// closed.
    pub fn unattributed(&self) -> Vec<Contact> {
        self.lock_unattributed().clone()
    }

    async fn serve(self: Arc<Self>, listener: TcpListener, door: Arc<Door>) {
        loop {
            let accepted = listener.accept().await;
            // One connection that the peer gave up, or no file is left for it: the next is served.
            let Ok((browser, peer)) = accepted else {
                tokio::time::sleep(NO_FILE_LEFT).await;
                continue;
            };
            let (proxy, door) = (Arc::clone(&self), Arc::clone(&door));
            tokio::spawn(async move {
                let from = Caller {
                    door: &door,
                    peer: peer.ip(),
                };
                // An error is a connection that one of the sides closed early, as browsers do when
                // a page goes away.
                let _ = proxy.connection(browser, from).await;
            });
        }
    }

    async fn connection(&self, mut browser: TcpStream, from: Caller<'_>) -> io::Result<()> {
        let Some((head, received)) = read_head_within(HEAD, &mut browser).await? else {
            return Ok(());
        };
        if head.method == "CONNECT" {
            return self.tunnel(browser, &head, from).await;
        }
        let Some((target, path)) = Target::of_url(&head.path) else {
            self.refuse(from);
            return Ok(());
        };
        let request = (head, received);
        self.request(browser, &target, path, request, from).await
    }

    async fn tunnel(
        &self,
        mut browser: TcpStream,
        connect: &Head,
        from: Caller<'_>,
    ) -> io::Result<()> {
        let Some((host, port)) = Target::of_authority(&connect.path) else {
            self.refuse(from);
            return Ok(());
        };
        let is_carried = |label| from.door.carries(from.peer, label);
        if !own_label(&host).is_some_and(is_carried) && !from.door.knows(from.peer) {
            self.refuse(from);
            return Ok(());
        }
        let is_ours = self.gateway.profile.names_host(&host);
        if is_ours && self.is_refusing(from.door.current().as_deref()) {
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
                self.request(browser, &target, path, request, from).await
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

    /// Takes a request for one of the harness's own names to its server on this machine, and one
    /// for a host of the vendor's to the gateway, in the name of its case. What is denied gets no
    /// answer, as where a name does not resolve.
    async fn request(
        &self,
        browser: impl Stream,
        target: &Target,
        path: String,
        (head, received): (Head, Vec<u8>),
        from: Caller<'_>,
    ) -> io::Result<()> {
        let own = own_label(&target.host);
        let is_carried = |label| from.door.carries(from.peer, label);
        if own.is_some_and(is_carried) && self.gateway.ports.holds(target.port) {
            if let Some(node) = from.door.node() {
                self.refusals.is_node(node);
            }
            let host = format!("{}:{}", target.host, target.port);
            let (_, received) = head.redirected(host, path, &received);
            let server = (Ipv4Addr::LOCALHOST, target.port).into();
            return pipe(browser, server, &received).await;
        }
        let of_page = label_in(&head);
        let is_forged = of_page.as_deref().is_some_and(|label| !is_carried(label));
        if is_forged || !from.door.knows(from.peer) || own.is_some() && from.door.is_advertised() {
            self.refuse(from);
            return Ok(());
        }
        let ours = self.gateway.profile.names_host(&target.host);
        let asker = if ours || self.is_of_a_page(&head) {
            Asker::Page
        } else {
            Asker::Browser
        };
        let label = of_page.or_else(|| from.door.current());
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

    /// Counts a request that gets no answer, as it is not the session's.
    fn refuse(&self, from: Caller<'_>) {
        if from.door.is_advertised() {
            self.refusals.count(from.peer);
        }
    }

    /// Whether a page asks, and not the browser in the name of one of its vendor's. A page of
    /// another host than these was never answered.
    fn is_of_a_page(&self, head: &Head) -> bool {
        let is_page = |page: &String| match Url::parse(page) {
            Ok(url) => url
                .host_str()
                .is_some_and(|host| is_shop(host) || self.gateway.profile.names_host(host)),
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

/// Where a connection comes from, and the entrance that it came by.
#[derive(Debug, Clone, Copy)]
struct Caller<'d> {
    door: &'d Door,
    peer: IpAddr,
}
