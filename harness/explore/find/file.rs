//! A find as a scenario file.

use super::Find;
use crate::contract::RequirementId;
use crate::explore::journey::{Workshop, Written};
use crate::explore::write::Header;
use crate::input::InputError;

impl Find {
    /// The least journey as a file that a person can commit.
    ///
    /// # Errors
    /// As [`Self::next`].
    pub fn least(&self, workshop: &Workshop<'_>) -> Result<Option<Written>, InputError> {
        let breaks = self.breaks().first();
        let requirement = breaks.map_or("journey", |id| id.0.as_str());
        let name = format!(
            "{}-{}-{}",
            requirement.to_lowercase(),
            self.seed,
            self.number
        );
        let breaks: Vec<&str> = self.breaks().iter().map(|id| id.0.as_str()).collect();
        let statement = |id: &RequirementId| {
            let requirement = workshop.suite.register.get(id)?;
            Some(requirement.statement.trim_end_matches('.').to_owned())
        };
        let header = Header {
            title: self
                .breaks()
                .first()
                .and_then(statement)
                .unwrap_or_default(),
            comments: vec![
                format!(
                    "Found by `explore --seed {}`, journey {}.",
                    self.seed, self.number
                ),
                format!("It breaks {}. Cause: {}", breaks.join(", "), self.cause.id),
            ],
        };
        workshop.write(self.journey(), &name, &header)
    }
}
