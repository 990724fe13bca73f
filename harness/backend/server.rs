use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::Account;
use super::answering::Answering;
use super::gateway::{Gateway, Ports};
use super::private::PrivateGateway;
use super::proxy::{Proxy, SessionProxy};
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
    server: JoinHandle<()>,
}

impl Backend {
    /// Starts on free ports; requests for the SDK's script go to `storefront`.
    pub async fn start(profile: Arc<Profile>, storefront: SocketAddr) -> io::Result<Self> {
        let (accounts, late) = (Accounts::default(), Late::default());
        let responder = Responder {
            accounts: Arc::clone(&accounts),
            late: Arc::clone(&late),
            profile: Arc::clone(&profile),
        };
        let gateway = Arc::new(Gateway {
            accounts: Arc::clone(&accounts),
            profile,
            storefront,
            answering: Answering::start(responder).await,
            ports: Ports::default(),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        for own in [storefront, address] {
            gateway.ports.add(own.port());
        }
        let server = tokio::spawn(Arc::clone(&gateway).serve(listener));
        let proxy = Arc::new(Proxy::new(Arc::clone(&gateway))?);
        Ok(Self {
            address,
            accounts,
            late,
            gateway,
            proxy,
            server,
        })
    }

    /// Opens `account` under `label`.
    pub fn open(&self, label: &str, account: Arc<Account>, visitor: Visitor) {
        let mut accounts = self
            .accounts
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        accounts.insert(label.to_owned(), (account, visitor));
    }

    /// Closes the account under `label`; later requests get 404, and are remembered as late.
    pub fn close(&self, label: &str) {
        let mut accounts = self
            .accounts
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        accounts.remove(label);
    }

    /// Whether an event request came for `label` after it was closed.
    pub fn was_late(&self, label: &str) -> bool {
        let late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        late.contains(label)
    }

    /// The proxy of one session, which reaches the vendor's hosts and no other. Where browsers run
    /// on other machines, it listens at the address of this one that they know.
    pub async fn session_proxy(&self, advertised: Option<IpAddr>) -> io::Result<SessionProxy> {
        Arc::clone(&self.proxy).for_session(advertised).await
    }

    /// How many requests were refused that came from no session's browser, by their address.
    pub fn strangers(&self) -> BTreeMap<IpAddr, usize> {
        self.proxy.strangers()
    }

    /// The contacts that belong to no open case: of the browser itself, or of a page whose case was
    /// closed.
    pub fn unattributed_contacts(&self) -> Vec<Contact> {
        self.proxy.unattributed()
    }

    /// A gateway of one case's own.
    pub async fn private_gateway(&self, at: SocketAddr) -> io::Result<PrivateGateway> {
        PrivateGateway::start(Arc::clone(&self.gateway), at).await
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.server.abort();
    }
}
