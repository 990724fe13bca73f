use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::{OutputError, manifest};

/// Goes last into the folder and leaves it first: where it is, all that belongs to it is there,
/// too.
const HEAD: &str = "report.json";

/// So many names of foreign files are shown.
const SHOWN: usize = 3;

/// A folder that takes reports. It holds nothing but what earlier runs wrote, as their manifest
/// says.
#[derive(Debug)]
pub struct ReportFolder {
    /// As the user named it.
    named: PathBuf,
    /// Without links and `..`.
    root: PathBuf,
    /// The folders that were made for it, the innermost first. Where nothing is written they are
    /// removed again.
    made: Vec<PathBuf>,
}

impl ReportFolder {
    /// Takes `named`, which is made where it is not there, for a report. `inputs` are the files and
    /// folders that a run reads.
    ///
    /// # Errors
    /// If it holds anything that no manifest of ours names, is or holds the working directory, one
    /// of `inputs` or a `.git`, or cannot be written. Nothing is touched then.
    pub fn claim(named: &Path, inputs: &[&Path]) -> Result<Self, OutputError> {
        if named.exists() || named.is_symlink() {
            refuse_foreign(named, inputs)?;
        }
        let unwritable = |reason| OutputError::unwritable(named, reason);
        let absolute = std::path::absolute(named).map_err(unwritable)?;
        let made = absolute
            .ancestors()
            .take_while(|folder| !folder.exists())
            .map(Path::to_owned)
            .collect();
        std::fs::create_dir_all(named).map_err(unwritable)?;
        let root = named.canonicalize().map_err(unwritable)?;
        let folder = Self {
            named: named.to_owned(),
            root,
            made,
        };
        tempfile::tempfile_in(&folder.root).map_err(unwritable)?;
        Ok(folder)
    }

    /// Its path, as the user named it.
    pub fn path(&self) -> &Path {
        &self.named
    }

    /// The path of a file in it, as the user would name it.
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.named.join(name)
    }

    /// Puts `files`, by their paths from here, in the place of all that earlier runs wrote. Whole
    /// or not at all.
    ///
    /// # Errors
    /// If that fails. Then the files lie elsewhere, as the error says.
    pub fn replace(&self, files: &BTreeMap<String, Vec<u8>>) -> Result<(), OutputError> {
        let old = manifest::read(&self.root);
        self.exchange(&old, files)
            .or_else(|reason| self.rescue(reason, files))
    }

    /// Puts one file beside what earlier runs wrote, or in the place of one of that name.
    ///
    /// # Errors
    /// As `replace`.
    pub fn add(&self, name: &str, bytes: Vec<u8>) -> Result<(), OutputError> {
        let old = manifest::read(&self.root)
            .into_iter()
            .filter(|other| other == name)
            .collect();
        let files = BTreeMap::from([(name.to_owned(), bytes)]);
        self.exchange(&old, &files)
            .or_else(|reason| self.rescue(reason, &files))
    }

    /// Puts `files`, by their paths from `below`, a folder in it, in the place of all that earlier
    /// runs wrote there.
    ///
    /// # Errors
    /// As `replace`.
    pub fn replace_below(
        &self,
        below: &str,
        files: BTreeMap<String, Vec<u8>>,
    ) -> Result<(), OutputError> {
        let old = manifest::read(&self.root)
            .into_iter()
            .filter(|name| Path::new(name).starts_with(below))
            .collect();
        let files = files
            .into_iter()
            .map(|(name, bytes)| (format!("{below}/{name}"), bytes))
            .collect();
        self.exchange(&old, &files)
            .or_else(|reason| self.rescue(reason, &files))
    }

    fn exchange(&self, old: &BTreeSet<String>, new: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
        let before = manifest::read(&self.root);
        if let Some(foreign) = new
            .keys()
            .find(|name| !before.contains(*name) && self.root.join(name).symlink_metadata().is_ok())
        {
            return Err(io::Error::other(format!(
                "{foreign} has come into it since the run began, and is not ours"
            )));
        }
        // Inside the folder: only there is moving a file surely not copying it.
        let staging = tempfile::Builder::new()
            .prefix(".alhena-conformance-")
            .tempdir_in(&self.root)?;
        let name_of = |side: &str, file: &str| {
            format!(
                "{}/{side}/{file}",
                staging
                    .path()
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
            )
        };
        let staged = new
            .keys()
            .map(|file| name_of("new", file))
            .chain(old.iter().map(|file| name_of("old", file)));
        // Whatever interrupts the rest, the manifest names all that it leaves behind.
        let during = before
            .iter()
            .cloned()
            .chain(new.keys().cloned())
            .chain(staged)
            .collect();
        manifest::write(&self.root, during)?;
        for (name, bytes) in new {
            let file = staging.path().join("new").join(name);
            make_parent(&file)?;
            std::fs::write(&file, bytes)?;
            std::fs::File::open(&file)?.sync_all()?;
        }
        // What somebody removed needs no moving.
        let there = old
            .iter()
            .filter(|name| self.root.join(name).symlink_metadata().is_ok())
            .cloned()
            .collect();
        let mut done = Moves::default();
        let moved = done
            .all(
                head_first(&there)
                    .map(|name| (self.root.join(name), staging.path().join("old").join(name))),
            )
            .and_then(|()| {
                done.all(
                    head_last(new.keys())
                        .map(|name| (staging.path().join("new").join(name), self.root.join(name))),
                )
            });
        if let Err(error) = moved {
            done.undo();
            manifest::write(&self.root, before)?;
            return Err(error);
        }
        manifest::write(
            &self.root,
            before
                .difference(old)
                .cloned()
                .chain(new.keys().cloned())
                .collect(),
        )?;
        for folder in old
            .iter()
            .flat_map(|name| Path::new(name).ancestors().skip(1))
            .filter(|folder| *folder != Path::new(""))
        {
            // Only one that is empty now goes.
            let _ = std::fs::remove_dir(self.root.join(folder));
        }
        staging.close()
    }

    /// Saves what cannot be put into the folder.
    fn rescue(
        &self,
        reason: io::Error,
        files: &BTreeMap<String, Vec<u8>>,
    ) -> Result<(), OutputError> {
        let save = || {
            let folder = tempfile::Builder::new()
                .prefix("alhena-conformance-report-")
                .tempdir()?;
            for (name, bytes) in files {
                let file = folder.path().join(name);
                make_parent(&file)?;
                std::fs::write(&file, bytes)?;
            }
            manifest::write(folder.path(), files.keys().cloned().collect())?;
            Ok::<PathBuf, io::Error>(folder.keep())
        };
        let path = self.named.display().to_string();
        Err(match save() {
            Ok(saved) => OutputError::SavedElsewhere {
                path,
                reason,
                saved,
            },
            Err(_) => OutputError::Unwritable { path, reason },
        })
    }
}

impl Drop for ReportFolder {
    fn drop(&mut self) {
        for folder in &self.made {
            // One that holds something stays.
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// Refuses a folder in which something could get lost.
fn refuse_foreign(named: &Path, inputs: &[&Path]) -> Result<(), OutputError> {
    let refused = |found: String| {
        Err(OutputError::refused(
            named,
            found,
            "name a folder that is not there yet, such as --report conformance",
        ))
    };
    if !named.is_dir() {
        return refused("it is not a folder".to_owned());
    }
    let root = named
        .canonicalize()
        .map_err(|reason| OutputError::unwritable(named, reason))?;
    let holds = |path: &Path| {
        path.canonicalize()
            .is_ok_and(|path| path.starts_with(&root))
    };
    if std::env::current_dir().is_ok_and(|current| holds(&current)) {
        return refused("it is the working directory, or holds it".to_owned());
    }
    if let Some(input) = inputs.iter().find(|input| holds(input)) {
        return refused(format!(
            "it is or holds {}, which this run reads",
            input.display()
        ));
    }
    if root.join(".git").symlink_metadata().is_ok() {
        return refused("it holds a .git".to_owned());
    }
    let ours = manifest::read(&root);
    let foreign: Vec<String> = files_below(&root)
        .into_iter()
        .filter(|name| name != manifest::FILE && !ours.contains(name))
        .collect();
    match foreign.as_slice() {
        [] => Ok(()),
        [name] if name == HEAD => refused(format!(
            "it holds {HEAD}, and no {} that says it is ours",
            manifest::FILE
        )),
        several => {
            let more = several.len().saturating_sub(SHOWN);
            let shown = several
                .iter()
                .take(SHOWN)
                .cloned()
                .collect::<Vec<_>>()
                .join(", ");
            let more = if more == 0 {
                String::new()
            } else {
                format!(" and {more} more")
            };
            refused(format!(
                "it holds something other than reports of ours: {shown}{more}"
            ))
        }
    }
}

/// Every file below `root`, by its path from there. A link counts as a file, wherever it leads.
fn files_below(root: &Path) -> Vec<String> {
    fn collect(folder: &Path, root: &Path, files: &mut Vec<String>) {
        // What cannot be looked into, such as the `lost+found` of a mounted disk, is not touched
        // either: only empty folders are removed.
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                collect(&path, root, files);
            } else if let Ok(name) = path.strip_prefix(root) {
                files.push(name.to_string_lossy().into_owned());
            }
        }
    }
    let mut files = Vec::new();
    collect(root, root, &mut files);
    files.sort();
    files
}

fn make_parent(file: &Path) -> io::Result<()> {
    file.parent().map_or(Ok(()), std::fs::create_dir_all)
}

fn head_first(names: &BTreeSet<String>) -> impl Iterator<Item = &String> {
    names
        .iter()
        .filter(|name| *name == HEAD)
        .chain(names.iter().filter(|name| *name != HEAD))
}

fn head_last<'n>(
    names: impl Iterator<Item = &'n String> + Clone,
) -> impl Iterator<Item = &'n String> {
    names
        .clone()
        .filter(|name| *name != HEAD)
        .chain(names.filter(|name| *name == HEAD))
}

/// Files that were moved, so that all can go back.
#[derive(Debug, Default)]
struct Moves(Vec<(PathBuf, PathBuf)>);

impl Moves {
    fn all(&mut self, moves: impl Iterator<Item = (PathBuf, PathBuf)>) -> io::Result<()> {
        for (from, to) in moves {
            make_parent(&to)?;
            std::fs::rename(&from, &to)?;
            self.0.push((from, to));
        }
        Ok(())
    }

    fn undo(self) {
        for (from, to) in self.0.into_iter().rev() {
            // What cannot go back stays where it is, and the manifest names it.
            let _ = std::fs::rename(to, from);
        }
    }
}
