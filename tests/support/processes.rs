use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::Engine;

/// Guards against waiting for what never comes.
const DEADLINE: Duration = Duration::from_secs(60);

/// Between two looks at what is waited for.
const BETWEEN: Duration = Duration::from_millis(5);

/// The processes whose temporary folder is, or lies in, one folder, as Linux shows them below
/// `/proc`.
///
/// A test gives its run a temporary folder of its own, which everything the run starts inherits:
/// the driver, the guard, the browsers.
#[derive(Debug)]
pub struct Processes<'f> {
    folder: &'f Path,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Process {
    /// Its id.
    pub id: u32,
    /// Its parent's.
    pub parent: u32,
    /// How it was started.
    pub line: String,
}

impl<'f> Processes<'f> {
    /// Those of this temporary folder.
    pub fn of(folder: &'f Path) -> Self {
        Self { folder }
    }

    /// All that run now. A process that has ended and that nobody has waited for has no command
    /// line left, and does not count.
    pub fn all(&self) -> Vec<Process> {
        let folder = self.folder.to_string_lossy();
        let of_folder = |(process, environment): &(Process, String)| {
            process.line.contains(&*folder) || environment.contains(&*folder)
        };
        ids()
            .filter_map(process)
            .filter(of_folder)
            .map(|found| found.0)
            .collect()
    }

    /// A driver of this engine.
    pub fn driver(&self, engine: Engine) -> Process {
        let all = self.all();
        let driver = all.iter().find(|process| {
            process.line.contains(engine.driver()) && process.line.contains("--port")
        });
        driver
            .cloned()
            .unwrap_or_else(|| panic!("no driver among {all:#?}"))
    }

    /// A browser: neither one of its own helpers nor the shell script by which distributions start
    /// it.
    pub fn browser(&self, engine: Engine) -> Process {
        let all = self.all();
        let is_browser = |process: &&Process| {
            process.line.contains(engine.browser())
                && !process.line.contains(engine.helper())
                && !process.line.contains(engine.driver())
                && !process.line.starts_with("/bin/sh")
        };
        all.iter()
            .find(is_browser)
            .cloned()
            .unwrap_or_else(|| panic!("no browser among {all:#?}"))
    }

    /// Those that process `id` started, wherever their temporary folder is.
    pub fn children_of(id: u32) -> Vec<Process> {
        ids()
            .filter_map(process)
            .map(|found| found.0)
            .filter(|process| process.parent == id)
            .collect()
    }
}

impl Process {
    /// Ends it at once.
    pub fn kill(&self) {
        super::running::send(self.id, Signal::KILL);
    }
}

fn ids() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc")
        .expect("/proc is there")
        .flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// The process of that id, and its environment; `None`: it has ended meanwhile.
fn process(id: u32) -> Option<(Process, String)> {
    let read = |name: &str| {
        std::fs::read(format!("/proc/{id}/{name}"))
            .map(|bytes| String::from_utf8_lossy(&bytes).replace('\0', " "))
            .ok()
    };
    let line = read("cmdline").filter(|line| !line.is_empty())?;
    let stat = read("stat")?;
    // `id (name) state parent …`: the name may hold spaces and brackets.
    let parent = stat
        .rsplit_once(')')?
        .1
        .split_whitespace()
        .nth(1)?
        .parse()
        .ok()?;
    Some((
        Process { id, parent, line },
        read("environ").unwrap_or_default(),
    ))
}

/// Waits until nothing of a run is left: no process, and no file in its temporary folder.
pub fn until_nothing_is_left(folder: &Path) {
    eventually("nothing of the run is left", || {
        let files: Vec<_> = std::fs::read_dir(folder)
            .expect("the temporary folder is there")
            .flatten()
            .map(|entry| entry.path())
            .collect();
        let processes = Processes::of(folder).all();
        if files.is_empty() && processes.is_empty() {
            Ok(())
        } else {
            Err(format!("{files:?} {processes:#?}"))
        }
    });
}

/// Checks repeatedly until `condition` holds: for changes that no process of ours can be waited for
/// to make.
pub fn eventually(what: &str, condition: impl Fn() -> Result<(), String>) {
    let end = Instant::now() + DEADLINE;
    while let Err(why) = condition() {
        assert!(
            Instant::now() < end,
            "{what}: not within {} s: {why}",
            DEADLINE.as_secs()
        );
        // Asking without a pause takes a processor from what is waited for.
        std::thread::park_timeout(BETWEEN);
    }
}
