use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use rcgen::{CertificateParams, KeyPair, SerialNumber};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// Answers for any https host, with a certificate that is made when it is first asked for. One key,
/// which lives as long as the run and is never written down; sessions accept it, though no
/// authority signed it.
pub struct Certificates {
    key: KeyPair,
    acceptors: Mutex<HashMap<String, TlsAcceptor>>,
}

impl Certificates {
    /// None yet.
    ///
    /// # Errors
    /// If the machine has no randomness to make a key of.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            key: KeyPair::generate().map_err(io::Error::other)?,
            acceptors: Mutex::default(),
        })
    }

    /// What speaks for `host`.
    ///
    /// # Errors
    /// If no certificate can have that name.
    pub fn acceptor(&self, host: &str) -> io::Result<TlsAcceptor> {
        let acceptors = self.acceptors.lock();
        let mut acceptors = acceptors.unwrap_or_else(PoisonError::into_inner);
        if let Some(acceptor) = acceptors.get(host) {
            return Ok(acceptor.clone());
        }
        let certificate = self.certificate(host, acceptors.len() as u64 + 1)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        // No other protocol is offered than HTTP/1.1: a connection carries one request.
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .map_err(io::Error::other)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        acceptors.insert(host.to_owned(), acceptor.clone());
        Ok(acceptor)
    }

    /// Each has a serial number of its own: Firefox breaks a connection off where two certificates
    /// of one issuer have the same (`SEC_ERROR_REUSED_ISSUER_AND_SERIAL`), and the library makes
    /// the number from the key.
    fn certificate(&self, host: &str, serial: u64) -> io::Result<CertificateDer<'static>> {
        let mut wanted = CertificateParams::new(vec![host.to_owned()]).map_err(io::Error::other)?;
        wanted.serial_number = Some(SerialNumber::from(serial));
        let made = wanted.self_signed(&self.key).map_err(io::Error::other)?;
        Ok(made.der().clone())
    }
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificates").finish_non_exhaustive()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    /// The serial number, an INTEGER, stands after the version, `[0] INTEGER 2` (RFC 5280, 4.1).
    fn serial_of(certificate: &[u8]) -> Vec<u8> {
        let version = [0xA0, 3, 2, 1, 2];
        let at = certificate.windows(5).position(|five| five == version);
        let serial = &certificate[at.unwrap() + 5..];
        assert_eq!(serial[0], 2, "an INTEGER follows");
        serial[2..2 + usize::from(serial[1])].to_vec()
    }

    #[test]
    fn certificates_of_one_key_have_different_serial_numbers() {
        let certificates = Certificates::new().unwrap();
        let of = |host, serial| serial_of(&certificates.certificate(host, serial).unwrap());
        assert_ne!(of("a.example", 1), of("b.example", 2));
    }
}
