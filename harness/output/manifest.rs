//! The list of what a run wrote into a folder: all that a later run may replace there.

use std::collections::BTreeSet;
use std::io;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::file::put;

/// Its name in the folder. Not hidden: what uploads artifacts leaves hidden files out.
pub(super) const FILE: &str = "alhena-conformance.manifest.json";

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    /// What the list is for, to the person who finds it.
    about: String,
    files: BTreeSet<String>,
}

const ABOUT: &str = "The files that alhena-conformance wrote into this folder, and may replace.";

/// The paths that the manifest in `folder` names, relative to it; empty where there is none of
/// ours.
pub(super) fn read(folder: &Path) -> BTreeSet<String> {
    let read = std::fs::read(folder.join(FILE))
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
    let mut files = read.map(|manifest| manifest.files).unwrap_or_default();
    // A path that leads out of the folder is not ours, whatever the list says.
    files.retain(|name| is_inside(name));
    files
}

pub(super) fn write(folder: &Path, files: BTreeSet<String>) -> io::Result<()> {
    let mut text = serde_json::to_vec_pretty(&Manifest {
        about: ABOUT.to_owned(),
        files,
    })?;
    text.push(b'\n');
    put(&folder.join(FILE), &text)
}

fn is_inside(name: &str) -> bool {
    !name.is_empty()
        && Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
}
