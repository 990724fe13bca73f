//! A find as a scenario file.

use super::{Find, Origin};
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
        let Origin {
            seed,
            number,
            by_coverage,
        } = self.origin;
        let name = format!("{}-{seed}-{number}", requirement.to_lowercase());
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
                if by_coverage {
                    format!("Found by `explore --seed {seed} --by-coverage`, journey {number}.")
                } else {
                    format!("Found by `explore --seed {seed}`, journey {number}.")
                },
                format!("It breaks {}. Cause: {}", breaks.join(", "), self.cause.id),
            ],
        };
        workshop.write(self.journey(), &name, &header)
    }
}
