/// A browser engine by its names. What it does is the business of `browser`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineName {
    /// As `--engine` and the files of a user name it.
    pub id: &'static str,
    /// As reports name it.
    pub name: &'static str,
}
