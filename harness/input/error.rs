use std::fmt;

/// Something a person wrote cannot be used. Always the user's input at fault, never the SDK and
/// never the machine.
///
/// Prints as: what was found, the file and line, what was expected, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError {
    file: String,
    line: Option<usize>,
    found: String,
    help: Option<String>,
}

impl InputError {
    /// `found` says in one sentence what is wrong in `file`.
    pub fn new(file: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line: None,
            found: found.into(),
            help: None,
        }
    }

    /// The line, counted from 1; `None`: it is about no line.
    pub fn at_line(mut self, line: impl Into<Option<usize>>) -> Self {
        self.line = line.into();
        self
    }

    /// What was expected, or what to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  --> {}", self.found.trim_end(), self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n   = {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for InputError {}
