use std::path::Path;

use serde_json::Value;

use super::bundled;

/// A `report.json`, read by its committed schema as another program does, not by our types.
#[derive(Debug)]
pub struct Report(pub Value);

impl Report {
    /// Reads the report in `folder`.
    ///
    /// # Errors
    /// If it is not there, or does not fit the committed schema.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join("report.json");
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let report: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let schema = std::fs::read_to_string(bundled().join("report.schema.json"))
            .map_err(|error| format!("fixtures/report.schema.json: {error}"))?;
        let schema: Value = serde_json::from_str(&schema).map_err(|error| error.to_string())?;
        let validator = jsonschema::validator_for(&schema).map_err(|error| error.to_string())?;
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        if errors.is_empty() {
            Ok(Self(report))
        } else {
            Err(format!(
                "the report does not fit its schema:\n{}",
                errors.join("\n")
            ))
        }
    }

    /// Every requirement.
    pub fn requirements(&self) -> &[Value] {
        self.list("requirements")
    }

    /// Every check.
    pub fn checks(&self) -> &[Value] {
        self.list("checks")
    }

    /// The check of that id.
    pub fn check(&self, id: &str) -> &Value {
        self.checks()
            .iter()
            .find(|check| check["id"] == id)
            .unwrap_or_else(|| panic!("no check {id} in {:?}", ids(self.checks())))
    }

    /// How many checks hold. In `WebKit`, which hides the order of requests, those about it do
    /// not apply.
    pub fn unbroken(&self) -> usize {
        let is_webkit = self.0["environment"]["engine"] == "WebKit";
        let excused = self.with_status("not_applicable").into_iter();
        let excused = excused.filter(|id| is_webkit && id.ends_with("#in-order"));
        self.with_status("pass").len() + excused.count()
    }

    /// The ids of all checks with that status.
    pub fn with_status(&self, status: &str) -> Vec<&str> {
        ids(self
            .checks()
            .iter()
            .filter(|check| check["status"] == status))
    }

    fn list(&self, name: &str) -> &[Value] {
        self.0[name].as_array().map_or(&[], Vec::as_slice)
    }
}

fn ids<'v>(checks: impl IntoIterator<Item = &'v Value>) -> Vec<&'v str> {
    checks
        .into_iter()
        .filter_map(|check| check["id"].as_str())
        .collect()
}
