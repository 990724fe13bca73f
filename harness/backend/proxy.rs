//! The proxy of all sessions, through which pages reach hosts by their public names: the vendor's
//! lead to the gateway, as the API's base URL does; any other is denied and written down. It never
//! connects anywhere itself.
//!
//! The host does not tell the case here. The `Origin` header does, or else `Referer`. Pages without
//! an origin, and frames of the vendor's own, have neither: they belong to the case that their
//! session is on, and so does a connection that is refused before a request is made.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

use super::certificates::Certificates;
use super::gateway::Gateway;
use super::head::{Head, read_head};
use super::responder::account_of;
use crate::evidence::{Asker, Clock, Contact};
use crate::scenario::BackendState;

/// The hosts of the shops' pages end so, and begin with the label of their case.
const SHOP: &str = ".shop.localhost";

/// The first byte of a TLS handshake (RFC 8446, 5.1 “Record Layer”).
const HANDSHAKE: u8 = 0x16;

/// What the doors of all sessions share.
#[derive(Debug)]
pub struct Proxy {
    gateway: Arc<Gateway>,
    certificates: Certificates,
    clock: Clock,
    strays: Mutex<Vec<Contact>>,
}

/// The proxy as one session sees it, on a loopback port of its own. Closes when dropped.
#[derive(Debug)]
pub struct ProxyDoor {
    /// Where it listens.
    pub address: SocketAddr,
    current: Current,
    open: JoinHandle<()>,
}

/// The label of the case that a session is on.
type Current = Arc<RwLock<Option<String>>>;

/// Where a request is to go.
struct Target {
    scheme: &'static str,
    host: String,
    port: u16,
}

impl Proxy {
    pub fn new(gateway: Arc<Gateway>) -> io::Result<Self> {
        Ok(Self {
            gateway,
            certificates: Certificates::new()?,
            clock: Clock::start(),
            strays: Mutex::default(),
        })
    }

    /// A door for one session.
    pub async fn door(self: Arc<Self>) -> io::Result<ProxyDoor> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (address, current) = (listener.local_addr()?, Current::default());
        let open = tokio::spawn(self.serve(listener, Arc::clone(&current)));
        Ok(ProxyDoor {
            address,
            current,
            open,
        })
    }

    /// What was asked for and belongs to no open case: by the browser itself, or by a page whose
    /// case was closed.
    pub fn strays(&self) -> Vec<Contact> {
        self.strays
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    async fn serve(self: Arc<Self>, listener: TcpListener, current: Current) {
        loop {
            // A failed accept is one connection the peer gave up; the next one is served.
            if let Ok((browser, _)) = listener.accept().await {
                let (proxy, current) = (Arc::clone(&self), Arc::clone(&current));
                tokio::spawn(async move {
                    // An error is a connection that one of the sides closed early, as browsers do
                    // when a page goes away.
                    let _ = proxy.connection(browser, &current).await;
                });
            }
        }
    }

    async fn connection(&self, mut browser: TcpStream, current: &Current) -> io::Result<()> {
        let Some((head, received)) = read_head(&mut browser).await? else {
            return Ok(());
        };
        if head.method != "CONNECT" {
            let Some((target, path)) = Target::of_url(&head.path) else {
                return Ok(());
            };
            return self
                .request(browser, &target, path, (head, received), current)
                .await;
        }
        let Some((host, port)) = head
            .path
            .rsplit_once(':')
            .and_then(|(host, port)| Some((host.to_owned(), port.parse().ok()?)))
        else {
            return Ok(());
        };
        let is_ours = self.gateway.profile.names_host(&host);
        if is_ours && self.is_refusing(label_on(current).as_deref()) {
            return browser
                .write_all(
                    b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                )
                .await;
        }
        browser
            .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
            .await?;
        let mut first = [0];
        let inside = match browser.peek(&mut first).await {
            Ok(1) if first == [HANDSHAKE] => {
                match self.certificates.acceptor(&host)?.accept(browser).await {
                    Ok(mut secure) => read_head(&mut secure)
                        .await
                        .ok()
                        .flatten()
                        .map(|read| (Inside::Secure(Box::new(secure)), read)),
                    Err(_) => None,
                }
            }
            // Web sockets without encryption come this way too.
            Ok(1) => read_head(&mut browser)
                .await
                .ok()
                .flatten()
                .map(|read| (Inside::Plain(browser), read)),
            _ => None,
        };
        match inside {
            Some((Inside::Secure(browser), (head, received))) => {
                let path = head.path.clone();
                self.request(
                    browser,
                    &Target {
                        scheme: "https",
                        host,
                        port,
                    },
                    path,
                    (head, received),
                    current,
                )
                .await
            }
            Some((Inside::Plain(browser), (head, received))) => {
                let path = head.path.clone();
                self.request(
                    browser,
                    &Target {
                        scheme: "http",
                        host,
                        port,
                    },
                    path,
                    (head, received),
                    current,
                )
                .await
            }
            None if is_ours => Ok(()),
            None => {
                self.note(
                    None,
                    Contact {
                        at: self.clock.now(),
                        asker: Asker::Browser,
                        host,
                        method: head.method,
                        url: None,
                        ours: false,
                    },
                );
                Ok(())
            }
        }
    }

    /// Takes a request for one of our hosts to the gateway, in the name of its case. What is denied
    /// gets no answer, as where a name does not resolve.
    async fn request(
        &self,
        browser: impl AsyncRead + AsyncWrite + Unpin,
        target: &Target,
        path: String,
        (head, received): (Head, Vec<u8>),
        current: &Current,
    ) -> io::Result<()> {
        let ours = self.gateway.profile.names_host(&target.host);
        let asker = if ours || head.origin.is_some() || head.referer.is_some() {
            Asker::Page
        } else {
            Asker::Browser
        };
        let label = label_in(&head)
            .or_else(|| label_on(current))
            .filter(|_| asker == Asker::Page);
        let url = Some(target.url(&path));
        self.note(
            label.as_deref(),
            Contact {
                at: self.clock.now(),
                asker,
                host: target.host.clone(),
                method: head.method.clone(),
                url,
                ours,
            },
        );
        if !ours || self.is_refusing(label.as_deref()) {
            return Ok(());
        }
        let host = label.map_or_else(
            || target.host.clone(),
            |label| format!("{label}.api.localhost"),
        );
        let (head, received) = head.redirected(host, path, &received);
        self.gateway.carry(browser, head, received).await
    }

    fn note(&self, label: Option<&str>, contact: Contact) {
        match label.and_then(|label| account_of(&self.gateway.accounts, label)) {
            Some((account, _)) => account.note(contact),
            None => self
                .strays
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(contact),
        }
    }

    fn is_refusing(&self, label: Option<&str>) -> bool {
        label
            .and_then(|label| account_of(&self.gateway.accounts, label))
            .is_some_and(|(account, _)| account.state() == BackendState::Refused)
    }
}

/// What a tunnel carries.
enum Inside {
    Secure(Box<tokio_rustls::server::TlsStream<TcpStream>>),
    Plain(TcpStream),
}

impl ProxyDoor {
    /// From now on the session is on the case of `label`.
    pub fn lead_to(&self, label: &str) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(label.to_owned());
    }
}

impl Drop for ProxyDoor {
    fn drop(&mut self) {
        self.open.abort();
    }
}

impl Target {
    /// The target of a request in the absolute form (RFC 9112, 3.2.2), and the path below it.
    fn of_url(text: &str) -> Option<(Self, String)> {
        let url = Url::parse(text).ok()?;
        let path = url[url::Position::BeforePath..].to_owned();
        Some((
            Self {
                scheme: "http",
                host: url.host_str()?.to_owned(),
                port: url.port_or_known_default()?,
            },
            path,
        ))
    }

    fn url(&self, path: &str) -> String {
        let Self { scheme, host, port } = self;
        match (*scheme, port) {
            ("https", 443) | ("http", 80) => format!("{scheme}://{host}{path}"),
            _ => format!("{scheme}://{host}:{port}{path}"),
        }
    }
}

/// The case of the page that asks, told by its origin.
fn label_in(head: &Head) -> Option<String> {
    let of_shop = |page: &String| {
        Url::parse(page)
            .ok()?
            .host_str()?
            .strip_suffix(SHOP)
            .map(str::to_owned)
    };
    head.origin
        .as_ref()
        .and_then(of_shop)
        .or_else(|| head.referer.as_ref().and_then(of_shop))
}

fn label_on(current: &Current) -> Option<String> {
    current
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
}
