//! How a build is configured: found by a configuration in which every name has a value of its own.

use serde_json::Value;

use super::traffic::{leaves, read};
use crate::evidence::Request;

/// Below the API's base URL: every value of the probe's configuration is a URL of it.
const PROBE: &str = "/_probe/";

/// What configures a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFound {
    /// The name on `document`.
    pub name: String,
    /// The key of the company key; absent: it never travelled.
    pub company: Option<String>,
    /// The key of the API's base URL; absent: no request used one.
    pub api: Option<String>,
}

/// A configuration for these names: whatever key is read has a URL of its own, and is noted.
pub fn probing(names: &[String]) -> String {
    let names = Value::from(names.to_vec());
    format!(
        "for (const name of {names}) {{ if (name in document) continue; \
         document[name] = new Proxy({{}}, {{ get(_, key) {{ \
         if (typeof key !== 'string' || key === 'then') return undefined; \
         (document.__probed ??= {{}})[name] = true; return '{{{{api}}}}{PROBE}' + key; }} }}); }}"
    )
}

/// What these requests and the names that were read show.
pub fn found(read_names: &[String], requests: &[Request]) -> Option<ConfigFound> {
    let name = read_names.first()?.clone();
    let api = requests
        .iter()
        .find_map(|request| Some(based(request)?.0.to_owned()));
    let company = requests.iter().find_map(|request| {
        let content = read(request);
        let texts = leaves(&content).into_iter();
        let mut keys =
            texts.filter_map(|(_, leaf)| Some(leaf.as_str()?.split_once(PROBE)?.1.to_owned()));
        keys.find(|key| Some(key) != api.as_ref() && !key.contains('/'))
    });
    Some(ConfigFound { name, company, api })
}

/// The key and the path below it, where a request went to a URL of the configuration.
fn based(request: &Request) -> Option<(&str, &str)> {
    let rest = request.path.strip_prefix(PROBE)?;
    let end = rest.find('/')?;
    Some((&rest[..end], &rest[end..]))
}

/// A request as it would be below the real base URL.
pub fn below_the_base(request: &Request) -> Request {
    let path = based(request).map_or(request.path.as_str(), |(_, path)| path);
    Request {
        path: path.to_owned(),
        ..request.clone()
    }
}

/// Whether a value is what the configuration gave for this key.
pub fn is_value_of(key: &str, value: &str) -> bool {
    value.split_once(PROBE).is_some_and(|(_, own)| own == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::traffic::tests::request;

    #[test]
    fn keys_are_found_by_where_their_values_went() {
        let body = r#"{"meta":{"key":"http://c.api.localhost/_probe/token"}}"#;
        let sent = request("/_probe/home/collect/v3?x=1", body);
        let found = found(&["shopConfig".into()], std::slice::from_ref(&sent));
        let expected = ConfigFound {
            name: "shopConfig".into(),
            company: Some("token".into()),
            api: Some("home".into()),
        };
        assert_eq!(found, Some(expected));
        assert_eq!(below_the_base(&sent).path, "/collect/v3?x=1");
        assert!(is_value_of("token", "http://c.api.localhost/_probe/token"));
    }

    #[test]
    fn build_that_reads_no_configuration_has_none() {
        assert_eq!(found(&[], &[request("/collect", "{}")]), None);
    }
}
