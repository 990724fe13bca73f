use crate::contract::{Event, EventFiles, EventReference};
use crate::input::{InputError, Source};

/// One line of a scenario file: where the events are that it names, and how its errors look.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// The scenario file.
    pub source: &'a Source,
    /// The events that it can name.
    pub events: &'a EventFiles<'a>,
    /// The number, counted from 1.
    pub number: usize,
}

impl Line<'_> {
    /// The events that `references` name.
    ///
    /// # Errors
    /// At this line, if one is misspelt or there is no such event.
    pub fn events(&self, references: &[String]) -> Result<Vec<Event>, InputError> {
        let mut events = Vec::new();
        for text in references {
            let reference = EventReference::parse(text).map_err(|found| self.error(found))?;
            let unusable = |error| self.error(format!("event `{text}` cannot be used: {error}"));
            events.extend(reference.resolve(self.events).map_err(unusable)?);
        }
        Ok(events)
    }

    /// An error at this line.
    pub fn error(&self, found: impl Into<String>) -> InputError {
        self.source.error(found).at_line(self.number)
    }
}
