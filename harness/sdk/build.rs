use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::source_map::{MapLink, SourceMap};
use crate::input::{Files, InputError};

/// The folder of the fixture that stands in where no build is given: one script.
const REFERENCE: &str = "sdk/reference";

/// Larger than any widget seen; a guard against pointing `--sdk` at a disk image.
const LARGEST_BUILD_BYTES: u64 = 64 * 1024 * 1024;

/// The release bytes of one SDK build. They run unmodified.
#[derive(Debug, Clone)]
pub struct Build {
    /// Where they came from, as the user named it.
    pub source: String,
    /// The bytes of the script that a page loads; of the last, where there are several.
    pub script: Arc<[u8]>,
    /// Their SHA-256, in hexadecimal; of a folder with other files: over the names and the bytes of
    /// all of them.
    pub sha256: String,
    beside: Beside,
}

/// What was fetched from beside a URL, by name; `None` where nothing lies there.
type Fetched = Arc<Mutex<HashMap<String, Option<Arc<[u8]>>>>>;

/// The other files of a build.
#[derive(Debug, Clone)]
enum Beside {
    /// It is one file.
    Nothing,
    /// It is one file with its source map beside it, which pages are not given.
    Map(String, Arc<[u8]>),
    /// It was a folder.
    Folder(Arc<BTreeMap<String, Arc<[u8]>>>),
    /// They lie beside the script's URL, and are fetched when the page asks.
    Web { url: String, fetched: Fetched },
}

/// A build that cannot be had. The user's input or their network at fault.
#[derive(Debug, Error)]
pub enum BuildError {
    /// A file that cannot be read.
    #[error(transparent)]
    File(#[from] InputError),
    /// A URL that did not answer with a script.
    #[error(
        "cannot fetch the SDK from {url}: {reason}\n   = check the address, or download the build \
         and give it as a file"
    )]
    Url {
        /// The URL.
        url: String,
        /// Why.
        reason: String,
    },
}

impl Build {
    /// Takes a build from a file, a folder or an `http(s)://` URL; `None`: the bundled reference
    /// SDK.
    ///
    /// `entry` is the name of the script that a page loads, for a folder. Blocks while a URL is
    /// fetched.
    ///
    /// # Errors
    /// If there is no such file, or the URL does not answer 200.
    pub fn take(source: Option<&str>, entry: &str, files: &Files) -> Result<Self, BuildError> {
        match source {
            None => Ok(Self::reference(files)?),
            Some(url) if Self::is_url(url) => {
                let build = Self::script(url, fetch(url)?)?;
                let (url, fetched) = (url.to_owned(), Arc::default());
                Ok(Self {
                    beside: Beside::Web { url, fetched },
                    ..build
                })
            }
            Some(path) if Path::new(path).is_dir() => Ok(Self::folder(path, entry)?),
            Some(path) => Ok(Self::script(path, read(Path::new(path))?)?.with_map_beside(path)),
        }
    }

    /// Whether a build is fetched from `source`.
    pub fn is_url(source: &str) -> bool {
        source.starts_with("http://") || source.starts_with("https://")
    }

    /// The bundled reference SDK.
    pub fn reference(files: &Files) -> Result<Self, InputError> {
        let script = files.list(REFERENCE, "js").into_iter().next();
        let missing = "there is no script in this folder of the fixtures";
        let script = script.ok_or_else(|| InputError::new(REFERENCE, missing))?;
        let text = files.fixture(&script)?.text;
        Ok(Self::of("reference", text.into_bytes()))
    }

    fn script(source: &str, bytes: Vec<u8>) -> Result<Self, InputError> {
        if bytes.trim_ascii_start().starts_with(b"<") {
            let help = "a saved error page, perhaps: look at it, and give the built script itself";
            return Err(InputError::new(source, "this is an HTML page, not a script").help(help));
        }
        Ok(Self::of(source, bytes))
    }

    fn folder(path: &str, entry: &str) -> Result<Self, InputError> {
        let root = Path::new(path);
        let mut all = BTreeMap::new();
        let mut total = 0;
        for file in walk(root) {
            let Some(name) = file.strip_prefix(root).ok().and_then(Path::to_str) else {
                continue;
            };
            let bytes = std::fs::read(&file).map_err(|error| {
                let found = format!("this file of the build cannot be read: {error}");
                InputError::new(file.display().to_string(), found)
            })?;
            total += bytes.len() as u64;
            if total > LARGEST_BUILD_BYTES {
                let found = "the files in this folder are more than 64 MiB";
                let help = "name the folder that holds nothing but the build";
                return Err(InputError::new(path, found).help(help));
            }
            all.insert(name.to_owned(), bytes.into());
        }
        let whole = (all.len() > 1).then(|| sha256_of_all(&all));
        let script: Arc<[u8]> = all.remove(entry).ok_or_else(|| {
            let found = format!("this folder holds no {entry}, the script that a page loads");
            InputError::new(path, found).help(
                "name the build's own folder, or the script in the profile: [install] \
                 scripts = [\"…\"]",
            )
        })?;
        let build = Self::script(path, script.to_vec())?;
        Ok(Self {
            beside: Beside::Folder(Arc::new(all)),
            sha256: whole.unwrap_or(build.sha256),
            ..build
        })
    }

    /// A build of these bytes.
    pub fn of(source: &str, script: Vec<u8>) -> Self {
        Self {
            source: source.to_owned(),
            sha256: sha256(&script),
            script: script.into(),
            beside: Beside::Nothing,
        }
    }

    /// With the source map that lies beside the file at `path`, where there is one.
    fn with_map_beside(self, path: &str) -> Self {
        let map = match std::str::from_utf8(&self.script).ok().and_then(MapLink::of) {
            Some(MapLink::File(name)) => {
                let file = Path::new(path).with_file_name(&name);
                read(&file)
                    .ok()
                    .map(|bytes| Beside::Map(name, bytes.into()))
            }
            Some(MapLink::Inline(_)) | None => None,
        };
        let beside = map.unwrap_or(Beside::Nothing);
        Self { beside, ..self }
    }

    /// The source map of a file of the build, by the link in its text.
    pub fn map_of(&self, file: &str, text: &str) -> Option<SourceMap> {
        match MapLink::of(text)? {
            MapLink::Inline(map) => SourceMap::read(&map),
            MapLink::File(name) => match &self.beside {
                Beside::Map(own, map) if *own == name => SourceMap::read(map),
                Beside::Nothing | Beside::Map(..) => None,
                Beside::Folder(_) | Beside::Web { .. } => {
                    SourceMap::read(&self.beside(&resolved(file, &name))?)
                }
            },
        }
    }

    /// A file of the build as the user would name it; `entry` is the name of the script that a page
    /// loads.
    pub fn name_of(&self, file: &str, entry: &str) -> String {
        match &self.beside {
            Beside::Nothing | Beside::Map(..) => self.source.clone(),
            Beside::Folder(_) => format!("{}/{file}", self.source.trim_end_matches('/')),
            Beside::Web { .. } if file == entry => self.source.clone(),
            Beside::Web { url, .. } => resolved(url, file),
        }
    }

    /// A file that lies beside the script, by its path from there; `None` where there is none.
    /// Blocks while a URL is fetched.
    pub fn beside(&self, name: &str) -> Option<Arc<[u8]>> {
        match &self.beside {
            Beside::Nothing | Beside::Map(..) => None,
            Beside::Folder(files) => files.get(name).cloned(),
            Beside::Web { url, fetched } => {
                let (folder, _) = url.rsplit_once('/')?;
                let fetch = || fetch(&format!("{folder}/{name}")).ok().map(Into::into);
                let mut fetched = fetched.lock().unwrap_or_else(PoisonError::into_inner);
                fetched.entry(name.to_owned()).or_insert_with(fetch).clone()
            }
        }
    }
}

/// `path`, as it stands in the file at `from`, from where that path begins.
pub fn resolved(from: &str, path: &str) -> String {
    let folder = from.rsplit_once('/').map(|(folder, _)| folder);
    let mut parts: Vec<&str> = folder
        .map(|folder| folder.split('/').collect())
        .unwrap_or_default();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| !matches!(*last, "" | "..")) => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let files = paths.flat_map(|path| {
        if path.is_dir() {
            walk(&path)
        } else {
            vec![path]
        }
    });
    files.collect()
}

/// As `sha256sum` over the folder's files, and once more over what it prints.
fn sha256_of_all(files: &BTreeMap<String, Arc<[u8]>>) -> String {
    let line = |(name, bytes): (&String, &Arc<[u8]>)| format!("{}  {name}\n", sha256(bytes));
    sha256(files.iter().map(line).collect::<String>().as_bytes())
}

/// The SHA-256 of `bytes`, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let hexadecimal = |byte: &u8| format!("{byte:02x}");
    Sha256::digest(bytes).iter().map(hexadecimal).collect()
}

fn read(path: &Path) -> Result<Vec<u8>, InputError> {
    let wrong = |found: String| InputError::new(path.display().to_string(), found);
    let unreadable = |error: std::io::Error| wrong(format!("the SDK cannot be read: {error}"));
    let metadata = std::fs::metadata(path).map_err(|error| {
        unreadable(error).help(
            "give the path of a built script or of its folder, or an http(s):// URL, with --sdk",
        )
    })?;
    if !metadata.is_file() {
        let error = wrong("the SDK is not a file".to_owned());
        return Err(error.help("give the path of the built script itself"));
    }
    if metadata.len() == 0 || metadata.len() > LARGEST_BUILD_BYTES {
        let error = wrong(format!("the SDK has {} bytes", metadata.len()));
        return Err(error.help("a build is a script of at least one byte and at most 64 MiB"));
    }
    std::fs::read(path).map_err(unreadable)
}

fn fetch(url: &str) -> Result<Vec<u8>, BuildError> {
    let wrong = |error: ureq::Error| BuildError::Url {
        url: url.to_owned(),
        reason: error.to_string(),
    };
    let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(30)));
    let agent: ureq::Agent = config.build().into();
    let mut response = agent.get(url).call().map_err(wrong)?;
    let body = response.body_mut().with_config().limit(LARGEST_BUILD_BYTES);
    body.read_to_vec().map_err(wrong)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn path_is_resolved_from_its_file() {
        assert_eq!(resolved("dist/w.js", "../src/./w.ts"), "src/w.ts");
        assert_eq!(resolved("w.js", "../src/w.ts"), "../src/w.ts");
        assert_eq!(resolved("/dist/js/w.js", "w.js.map"), "/dist/js/w.js.map");
    }

    #[test]
    fn changed_file_in_a_folder_changes_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let hash = || {
            Build::take(folder.path().to_str(), "widget.js", &Files::default())
                .unwrap()
                .sha256
        };
        write("widget.js", "one");
        assert_eq!(hash(), sha256(b"one"));
        write("runtime.js", "two");
        let before = hash();
        write("runtime.js", "three");
        assert_ne!(hash(), before);
        write("runtime.js", "two");
        assert_eq!(hash(), before);
    }
}
