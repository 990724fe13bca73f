/// Where the results of a run go that a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Stdout,
    /// Standard output belongs to a program.
    Stderr,
}

impl Channel {
    pub fn print(self, text: &str) {
        match self {
            Self::Stdout => anstream::print!("{text}"),
            Self::Stderr => anstream::eprint!("{text}"),
        }
    }
}
