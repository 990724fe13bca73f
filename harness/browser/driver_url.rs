use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use thiserror::Error;
use url::Url;

/// Where a driver or a Selenium Grid listens. Whoever prints it never prints the name and the
/// password that it may hold.
#[derive(Clone, PartialEq, Eq)]
pub struct DriverUrl {
    /// With name and password; ends with a slash.
    whole: String,
    /// Without them.
    shown: String,
}

/// What is no such URL. A mistake of the user's.
#[derive(Debug, Error)]
pub enum NoDriverUrl {
    /// TLS is not spoken.
    #[error(
        "https is not spoken: name a reverse proxy or a tunnel on this machine that leads there, \
         such as http://localhost:4444"
    )]
    Https,
    /// No http, or no host.
    #[error("expected http:// with a host, such as http://grid.example:4444")]
    NotHttp,
}

impl DriverUrl {
    /// That of a driver at a port of this machine.
    #[must_use]
    pub fn here(port: u16) -> Self {
        let whole = format!("http://127.0.0.1:{port}/");
        Self {
            shown: whole.clone(),
            whole,
        }
    }

    /// A path below it, with name and password: for a request, and never for a message.
    #[must_use]
    pub fn below(&self, path: &str) -> String {
        format!("{}{path}", self.whole)
    }

    /// A text that was to be such a URL, for a message: without a name and a password.
    #[must_use]
    pub fn shown(text: &str) -> String {
        match (text.parse::<Self>(), text.rsplit_once('@')) {
            (Ok(_) | Err(_), None) => text.to_owned(),
            (Ok(url), Some(_)) => url.to_string(),
            (Err(NoDriverUrl::Https), Some((_, host))) => format!("https://…@{host}"),
            (Err(NoDriverUrl::NotHttp), Some((_, host))) => format!("…@{host}"),
        }
    }

    /// Its addresses; none where its host has none.
    #[must_use]
    pub fn addresses(&self) -> Vec<SocketAddr> {
        let url = Url::parse(&self.shown).ok();
        url.and_then(|url| url.socket_addrs(|| None).ok())
            .unwrap_or_default()
    }
}

impl FromStr for DriverUrl {
    type Err = NoDriverUrl;

    fn from_str(text: &str) -> Result<Self, NoDriverUrl> {
        let mut url = Url::parse(text).map_err(|_| NoDriverUrl::NotHttp)?;
        match url.scheme() {
            "http" => {}
            "https" => return Err(NoDriverUrl::Https),
            _ => return Err(NoDriverUrl::NotHttp),
        }
        url.set_query(None);
        url.set_fragment(None);
        // A path without its trailing slash would lose its last part when joined.
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        let whole = url.to_string();
        // Only a URL without a host refuses this, and http has none of those.
        let gone = [url.set_username(""), url.set_password(None)];
        if gone.contains(&Err(())) {
            return Err(NoDriverUrl::NotHttp);
        }
        let shown = url.to_string();
        Ok(Self { whole, shown })
    }
}

impl fmt::Display for DriverUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown)
    }
}

impl fmt::Debug for DriverUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::grid("http://grid:4444", "http://grid:4444/")]
    #[case::slash("http://grid:4444/", "http://grid:4444/")]
    #[case::path("http://grid/wd/hub", "http://grid/wd/hub/")]
    #[case::ipv6("http://[fd00::1]:4444", "http://[fd00::1]:4444/")]
    fn url_ends_with_a_slash(#[case] text: &str, #[case] expected: &str) {
        let url: DriverUrl = text.parse().unwrap();
        assert_eq!(url.to_string(), expected);
        assert_eq!(url.below("status"), format!("{expected}status"));
    }

    #[rstest]
    #[case::no_scheme("grid:4444", "grid:4444")]
    #[case::other_scheme("ws://ci:secret@grid", "…@grid")]
    #[case::no_host("http://", "http://")]
    #[case::tls("https://ci:secret@grid:4444", "https://…@grid:4444")]
    #[case::password_that_is_not_escaped("http://ci:se/cret@grid:4444", "…@grid:4444")]
    fn what_is_no_such_url_is_shown_without_a_password(#[case] text: &str, #[case] shown: &str) {
        assert!(text.parse::<DriverUrl>().is_err());
        assert_eq!(DriverUrl::shown(text), shown);
        assert!(shown.parse::<DriverUrl>().is_err());
    }

    #[test]
    fn password_is_sent_and_never_shown() {
        let url: DriverUrl = "http://ci:secret@grid:4444".parse().unwrap();
        assert_eq!(url.below("status"), "http://ci:secret@grid:4444/status");
        assert_eq!(url.to_string(), "http://grid:4444/");
        assert_eq!(format!("{url:?}"), "http://grid:4444/");
    }
}
