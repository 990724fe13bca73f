use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError};

use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer};

use super::Account;
use super::gateway::Gateway;
use super::proxy::{Proxy, ProxyDoor};
use super::responder::{Accounts, Late, Responder};
use crate::contract::Visitor;
use crate::evidence::Contact;
use crate::sdk::Profile;

/// The running backend of all cases.
#[derive(Debug)]
pub struct Backend {
    /// Where the gateway listens.
    pub address: SocketAddr,
    accounts: Accounts,
    late: Late,
    gateway: Arc<Gateway>,
    proxy: Arc<Proxy>,
    door: JoinHandle<()>,
    _wiremock: MockServer,
}

/// A gateway of one case's own, on a port that can refuse connections and accept them again.
#[derive(Debug)]
pub struct PrivateDoor {
    /// Where it listens, or refuses.
    pub address: SocketAddr,
    gateway: Arc<Gateway>,
    open: Option<JoinHandle<()>>,
    // Bound and not listening: connections are refused, and nobody else gets the port.
    reserved: Option<TcpSocket>,
}

impl Backend {
    /// Starts on free ports; requests for the SDK's script go to `storefront`.
    ///
    /// # Errors
    /// If no port can be had.
    pub async fn start(profile: Arc<Profile>, storefront: SocketAddr) -> io::Result<Self> {
        let (accounts, late) = (Accounts::default(), Late::default());
        // Not `MockServer::start()`: that is pooled, and hands the next run the same port with the
        // late requests of this one.
        let wiremock = MockServer::builder()
            .disable_request_recording()
            .start()
            .await;
        Mock::given(any())
            .respond_with(Responder {
                accounts: Arc::clone(&accounts),
                late: Arc::clone(&late),
                profile: Arc::clone(&profile),
            })
            .mount(&wiremock)
            .await;
        let gateway = Arc::new(Gateway {
            accounts: Arc::clone(&accounts),
            profile,
            storefront,
            wiremock: *wiremock.address(),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let door = tokio::spawn(Arc::clone(&gateway).serve(listener));
        let proxy = Arc::new(Proxy::new(Arc::clone(&gateway))?);
        Ok(Self {
            address,
            accounts,
            late,
            gateway,
            proxy,
            door,
            _wiremock: wiremock,
        })
    }

    /// Opens `account` under `label`.
    pub fn open(&self, label: &str, account: Arc<Account>, visitor: Visitor) {
        self.accounts
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(label.to_owned(), (account, visitor));
    }

    /// Closes the account under `label`; later requests get 404, and are remembered as late.
    pub fn close(&self, label: &str) {
        self.accounts
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(label);
    }

    /// Whether an event request came for `label` after it was closed.
    #[must_use]
    pub fn was_late(&self, label: &str) -> bool {
        self.late
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(label)
    }

    /// A door for one session, through which it reaches the vendor's hosts, and no other.
    ///
    /// # Errors
    /// If no port can be had.
    pub async fn proxy_door(&self) -> io::Result<ProxyDoor> {
        Arc::clone(&self.proxy).door().await
    }

    /// The hosts that were asked for in no open case: by the browser itself, or by a page whose
    /// case was closed.
    #[must_use]
    pub fn strays(&self) -> Vec<Contact> {
        self.proxy.strays()
    }

    /// A door of one case's own.
    ///
    /// # Errors
    /// If no port can be had.
    pub async fn private_door(&self) -> io::Result<PrivateDoor> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let open = tokio::spawn(Arc::clone(&self.gateway).serve(listener));
        Ok(PrivateDoor {
            address,
            gateway: Arc::clone(&self.gateway),
            open: Some(open),
            reserved: None,
        })
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.door.abort();
    }
}

impl PrivateDoor {
    /// Refuses connections from now on.
    ///
    /// # Errors
    /// If the port cannot be kept.
    pub async fn refuse(&mut self) -> io::Result<()> {
        if let Some(open) = self.open.take() {
            open.abort();
            // The listener is closed once its task has ended.
            let _ = open.await;
            self.reserved = Some(self.bind()?);
        }
        Ok(())
    }

    /// Accepts connections again.
    ///
    /// # Errors
    /// If the port cannot be listened on.
    pub fn accept(&mut self) -> io::Result<()> {
        if let Some(reserved) = self.reserved.take() {
            self.open = Some(tokio::spawn(
                Arc::clone(&self.gateway).serve(reserved.listen(128)?),
            ));
        }
        Ok(())
    }

    fn bind(&self) -> io::Result<TcpSocket> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(self.address)?;
        Ok(socket)
    }
}

impl Drop for PrivateDoor {
    fn drop(&mut self) {
        if let Some(open) = &self.open {
            open.abort();
        }
    }
}
