//! A comparison as headings and lists, for every format that a person reads. Each format escapes
//! what it is given, by its own rules.

/// One list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading, without the count.
    pub title: &'static str,
    /// Whether it is good news.
    pub tone: Tone,
    /// What follows from it, or what it rests on.
    pub note: Option<String>,
    /// Its entries.
    pub items: Vec<Item>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// A word or two that say what happened: `pass → fail`.
    pub mark: String,
    /// Whether it is good news.
    pub tone: Tone,
    /// What it is about: an id, a field, a host. Not ours: it may hold anything.
    pub subject: String,
    /// What else there is to say.
    pub details: Vec<Detail>,
}

/// One thing said of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// What it is; empty: it speaks for itself.
    pub label: &'static str,
    /// The text. Not ours: it may hold anything.
    pub text: String,
}

/// How to take something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Bad,
    Careful,
    Good,
    Neutral,
}

impl Item {
    pub fn new(mark: impl Into<String>, tone: Tone, subject: impl Into<String>) -> Self {
        Self {
            mark: mark.into(),
            tone,
            subject: subject.into(),
            details: Vec::new(),
        }
    }

    /// Says one thing more.
    pub fn with(mut self, label: &'static str, text: impl Into<String>) -> Self {
        self.details.push(Detail {
            label,
            text: text.into(),
        });
        self
    }

    /// Says one thing more, where there is one.
    pub fn with_some(self, label: &'static str, text: Option<impl Into<String>>) -> Self {
        match text {
            Some(text) => self.with(label, text),
            None => self,
        }
    }
}

impl Section {
    /// The heading with its count.
    pub fn heading(&self) -> String {
        if self.items.is_empty() {
            self.title.to_owned()
        } else {
            format!("{} ({})", self.title, self.items.len())
        }
    }
}
