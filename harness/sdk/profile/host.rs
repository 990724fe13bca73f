use schemars::JsonSchema;
use serde::Deserialize;

/// Names that lead to the harness itself, whatever a profile says.
const OURS: &str = "localhost";

/// A host that belongs to the vendor: its exact name, or `*.` and the name that it lies below.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct HostPattern(String);

impl HostPattern {
    /// Whether it means `host`, a name without its port.
    pub fn matches(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        match self.0.strip_prefix('*') {
            Some(below) => host.len() > below.len() && host.ends_with(below),
            None => host == self.0,
        }
    }

    /// As the profile writes it, and a Content-Security-Policy too.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for HostPattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let name = text.strip_prefix("*.").unwrap_or(&text);
        let is_label = |label: &str| {
            let is_letter = |letter: char| {
                letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-'
            };
            !label.is_empty()
                && label.chars().all(is_letter)
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let last = name.rsplit('.').next().unwrap_or_default();
        let is_name = name.contains('.')
            && name.split('.').all(is_label)
            && last.chars().any(|letter| letter.is_ascii_lowercase());
        if !is_name {
            return Err(format!(
                "`{text}` is no host: write a name in small letters such as \"app.alhena.ai\", or \
                 \"*.alhena.ai\" for all below it; no scheme, port or path"
            ));
        }
        if last == OURS {
            return Err(format!(
                "`{text}` cannot be used: names below `{OURS}` are the harness's own"
            ));
        }
        Ok(Self(text))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::itself("app.alhena.ai", "app.alhena.ai", true)]
    #[case::in_capitals("app.alhena.ai", "APP.Alhena.AI", true)]
    #[case::below("app.alhena.ai", "a.app.alhena.ai", false)]
    #[case::another_that_ends_alike("app.alhena.ai", "myapp.alhena.ai", false)]
    #[case::below_a_wildcard("*.alhena.ai", "eu.alhena.ai", true)]
    #[case::far_below_a_wildcard("*.alhena.ai", "a.b.alhena.ai", true)]
    #[case::a_wildcard_is_not_its_own_name("*.alhena.ai", "alhena.ai", false)]
    #[case::nothing_before_the_dot("*.alhena.ai", ".alhena.ai", false)]
    #[case::another_below_a_wildcard("*.alhena.ai", "notalhena.ai", false)]
    fn pattern_matches_its_name_or_subdomains(
        #[case] pattern: &str,
        #[case] host: &str,
        #[case] meant: bool,
    ) {
        assert_eq!(
            HostPattern::try_from(pattern.to_owned())
                .unwrap()
                .matches(host),
            meant
        );
    }

    #[rstest]
    fn malformed_host_is_refused(
        #[values(
            "",
            "*",
            "*.ai",
            "alhena",
            "https://app.alhena.ai",
            "app.alhena.ai:443",
            "app.alhena.ai/",
            "App.alhena.ai",
            "a..ai",
            "a.*.ai",
            "-a.ai",
            "10.0.0.1"
        )]
        text: &str,
    ) {
        assert!(
            HostPattern::try_from(text.to_owned())
                .unwrap_err()
                .contains("is no host")
        );
    }

    #[rstest]
    fn name_of_the_harness_is_refused(
        #[values("c1.shop.localhost", "*.api.localhost")] text: &str,
    ) {
        assert!(
            HostPattern::try_from(text.to_owned())
                .unwrap_err()
                .contains("harness's own")
        );
    }
}
