use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::Signal;

/// Guards against waiting for ever for what never comes.
const DEADLINE: Duration = Duration::from_secs(60);

/// The processes whose temporary folder is, or lies in, one folder, as Linux shows them below `/proc`.
///
/// A test gives its run a temporary folder of its own, which everything the run starts inherits: the driver, the guard, the browsers.
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

    /// All that run now. A process that has ended and that nobody has waited for has no command line left, and does not count.
    pub fn all(&self) -> Vec<Process> {
        let folder = self.folder.to_string_lossy();
        let entries = std::fs::read_dir("/proc").expect("/proc is there").flatten();
        let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        ids.filter_map(process)
            .filter(|(process, environment)| process.line.contains(&*folder) || environment.contains(&*folder))
            .map(|found| found.0)
            .collect()
    }

    /// The driver.
    pub fn driver(&self) -> Process {
        self.named("chromedriver", |_| true)
    }

    /// The browser that the driver started, not one of the browser's own helpers.
    pub fn browser(&self) -> Process {
        let driver = self.driver().id;
        self.named("browser", |process| process.parent == driver)
    }

    fn named(&self, name: &str, is_it: impl Fn(&Process) -> bool) -> Process {
        let all = self.all();
        let found = all.iter().find(|process| if name == "browser" { is_it(process) } else { process.line.contains(name) && process.line.contains("--port") });
        found.cloned().unwrap_or_else(|| panic!("no {name} among {all:#?}"))
    }
}

impl Process {
    /// Ends it at once.
    pub fn kill(&self) {
        super::running::send(self.id, Signal::KILL);
    }
}

/// The process of that id, and its environment; `None`: it has gone meanwhile.
fn process(id: u32) -> Option<(Process, String)> {
    let read = |name: &str| std::fs::read(format!("/proc/{id}/{name}")).map(|bytes| String::from_utf8_lossy(&bytes).replace('\0', " ")).ok();
    let line = read("cmdline").filter(|line| !line.is_empty())?;
    let stat = read("stat")?;
    // `id (name) state parent …`: the name may hold spaces and brackets.
    let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
    Some((Process { id, parent, line }, read("environ").unwrap_or_default()))
}

/// Looks again and again until `condition` holds. For what happens outside every process that we could wait for.
pub fn eventually(what: &str, condition: impl Fn() -> Result<(), String>) {
    let end = Instant::now() + DEADLINE;
    while let Err(why) = condition() {
        assert!(Instant::now() < end, "{what}: not within {} s: {why}", DEADLINE.as_secs());
        std::thread::yield_now();
    }
}
