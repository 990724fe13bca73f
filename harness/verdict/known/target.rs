use toml::value::Date;

/// What a run is made on, and when.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The browser's name and version; `None`: none was had.
    pub browser: Option<(&'a str, &'a str)>,
    /// The build, as the user named it.
    pub sdk: &'a str,
    /// Its SHA-256, in hexadecimal.
    pub sha256: &'a str,
    /// The day, in UTC.
    pub today: Date,
}
