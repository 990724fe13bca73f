use url::Url;

/// Where a request to a proxy is to go.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    pub scheme: &'static str,
    pub host: String,
    pub port: u16,
}

impl Target {
    /// The target of a request in the absolute form (RFC 9112, 3.2.2), and the path below it.
    /// Browsers ask so by http alone.
    pub fn of_url(text: &str) -> Option<(Self, String)> {
        let url = Url::parse(text).ok().filter(|url| url.scheme() == "http")?;
        let path = url[url::Position::BeforePath..].to_owned();
        let target = Self {
            scheme: "http",
            host: url.host_str()?.to_owned(),
            port: url.port_or_known_default()?,
        };
        Some((target, path))
    }

    /// The host and the port of a request in the authority form (RFC 9112, 3.2.3).
    pub fn of_authority(text: &str) -> Option<(String, u16)> {
        let (host, port) = text.rsplit_once(':')?;
        Some((host.to_owned(), port.parse().ok()?))
    }

    /// The URL of `path` there.
    pub fn url(&self, path: &str) -> String {
        let Self { scheme, host, port } = self;
        match (*scheme, port) {
            ("https", 443) | ("http", 80) => format!("{scheme}://{host}{path}"),
            _ => format!("{scheme}://{host}:{port}{path}"),
        }
    }
}
