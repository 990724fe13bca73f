use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;

use super::gateway::Gateway;

/// A gateway of one case's own, on a port that can refuse connections and accept them again.
#[derive(Debug)]
pub struct PrivateGateway {
    /// Where it listens, or refuses.
    pub address: SocketAddr,
    gateway: Arc<Gateway>,
    /// Accepts connections, unless they are refused.
    server: Option<JoinHandle<()>>,
    // Bound and not listening: connections are refused, and nobody else gets the port.
    reserved: Option<TcpSocket>,
}

impl PrivateGateway {
    /// Listens at an address; with port 0 at a free one.
    pub async fn start(gateway: Arc<Gateway>, at: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(at).await?;
        let address = listener.local_addr()?;
        gateway.ports.add(address.port());
        let server = tokio::spawn(Arc::clone(&gateway).serve(listener));
        Ok(Self {
            address,
            gateway,
            server: Some(server),
            reserved: None,
        })
    }

    /// Refuses connections from now on.
    pub async fn refuse(&mut self) -> io::Result<()> {
        if let Some(server) = self.server.take() {
            server.abort();
            // The listener is closed once its task has ended.
            let _ = server.await;
            self.reserved = Some(self.bind()?);
        }
        Ok(())
    }

    /// Accepts connections again.
    pub fn accept(&mut self) -> io::Result<()> {
        if let Some(reserved) = self.reserved.take() {
            let gateway = Arc::clone(&self.gateway);
            self.server = Some(tokio::spawn(gateway.serve(reserved.listen(128)?)));
        }
        Ok(())
    }

    fn bind(&self) -> io::Result<TcpSocket> {
        let socket = if self.address.is_ipv4() {
            TcpSocket::new_v4()?
        } else {
            TcpSocket::new_v6()?
        };
        socket.set_reuseaddr(true)?;
        socket.bind(self.address)?;
        Ok(socket)
    }
}

impl Drop for PrivateGateway {
    fn drop(&mut self) {
        self.gateway.ports.remove(self.address.port());
        if let Some(server) = &self.server {
            server.abort();
        }
    }
}
