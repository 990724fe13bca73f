use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::input::{Files, InputError};

/// The fixture that stands in where no build is given.
const REFERENCE: &str = "sdk/reference/gleenWidget.js";

/// Larger than any widget seen; a guard against pointing `--sdk` at a disk image.
const LARGEST_BUILD_BYTES: u64 = 64 * 1024 * 1024;

/// The release bytes of one SDK build. They run unmodified.
#[derive(Debug, Clone)]
pub struct Build {
    /// Where they came from, as the user named it.
    pub source: String,
    /// The bytes.
    pub script: Arc<[u8]>,
    /// Their SHA-256, in hexadecimal.
    pub sha256: String,
}

/// A build that cannot be had. The user's input or their network at fault.
#[derive(Debug, Error)]
pub enum BuildError {
    /// A file that cannot be read.
    #[error(transparent)]
    File(#[from] InputError),
    /// A URL that did not answer with a script.
    #[error("cannot fetch the SDK from {url}: {reason}\n   = check the address, or download the build and give it as a file")]
    Url {
        /// The URL.
        url: String,
        /// What went wrong.
        reason: String,
    },
}

impl Build {
    /// Takes a build from a file or an `http(s)://` URL; `None`: the bundled reference SDK.
    ///
    /// Blocks while a URL is fetched.
    ///
    /// # Errors
    /// If there is no such file, or the URL does not answer 200.
    pub fn take(source: Option<&str>, files: &Files) -> Result<Self, BuildError> {
        match source {
            None => {
                let reference = files.fixture(REFERENCE)?;
                Ok(Self::of("reference", reference.text.into_bytes()))
            }
            Some(url) if url.starts_with("http://") || url.starts_with("https://") => Self::script(url, fetch(url)?),
            Some(path) => Self::script(path, read(Path::new(path))?),
        }
    }

    fn script(source: &str, bytes: Vec<u8>) -> Result<Self, BuildError> {
        if bytes.trim_ascii_start().starts_with(b"<") {
            return Err(InputError::new(source, "this is an HTML page, not a script")
                .help("a saved error page, perhaps: look at it, and give the built script itself")
                .into());
        }
        Ok(Self::of(source, bytes))
    }

    /// A build of these bytes.
    #[must_use]
    pub fn of(source: &str, script: Vec<u8>) -> Self {
        Self { source: source.to_owned(), sha256: sha256(&script), script: script.into() }
    }
}

/// The SHA-256 of `bytes`, in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        use std::fmt::Write as _;
        write!(text, "{byte:02x}").expect("writing to a String cannot fail");
        text
    })
}

fn read(path: &Path) -> Result<Vec<u8>, InputError> {
    let name = path.display().to_string();
    let metadata = std::fs::metadata(path).map_err(|error| {
        InputError::new(&name, format!("the SDK cannot be read: {error}")).help("give the path of a built script, or an http(s):// URL, with --sdk")
    })?;
    if !metadata.is_file() {
        return Err(InputError::new(&name, "the SDK is not a file").help("give the path of the built script itself"));
    }
    if metadata.len() == 0 || metadata.len() > LARGEST_BUILD_BYTES {
        return Err(InputError::new(&name, format!("the SDK has {} bytes", metadata.len())).help("a build is a script of at least one byte and at most 64 MiB"));
    }
    std::fs::read(path).map_err(|error| InputError::new(&name, format!("the SDK cannot be read: {error}")))
}

fn fetch(url: &str) -> Result<Vec<u8>, BuildError> {
    let wrong = |reason: String| BuildError::Url { url: url.to_owned(), reason };
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(30))).build().into();
    let mut response = agent.get(url).call().map_err(|error| wrong(error.to_string()))?;
    response.body_mut().with_config().limit(LARGEST_BUILD_BYTES).read_to_vec().map_err(|error| wrong(error.to_string()))
}
