use rustix::process::{Pid, Signal, getpgid, kill_process};

/// Whether a process of our own has started others that are still there; `None` where the system
/// does not say.
pub(super) fn has_children(process: u32) -> Option<bool> {
    let mut is_known = false;
    for thread in std::fs::read_dir(format!("/proc/{process}/task")).ok()? {
        let children = thread.ok()?.path().join("children");
        // A thread may end meanwhile.
        let children = std::fs::read_to_string(children).ok();
        is_known |= children.is_some();
        if children.is_some_and(|children| !children.trim().is_empty()) {
            return Some(true);
        }
    }
    is_known.then_some(false)
}

/// Whether no process of this group runs any more, whether or not somebody reaps it; `None` where
/// the system does not say.
pub(super) fn is_group_gone(group: Pid) -> Option<bool> {
    let id = group.as_raw_nonzero().to_string();
    let processes = std::fs::read_dir("/proc").ok()?.flatten();
    let mut states = processes.filter_map(|process| {
        let status = std::fs::read_to_string(process.path().join("stat")).ok()?;
        // The name before it may hold anything: “(name) state parent group …”.
        let (_, rest) = status.rsplit_once(')')?;
        let mut fields = rest.split_whitespace();
        let (state, own) = (fields.next()?.to_owned(), fields.nth(1)?);
        Some((state, own == id))
    });
    let mut is_known = false;
    let runs = states.any(|(state, is_in_it)| {
        is_known = true;
        is_in_it && !matches!(state.as_str(), "Z" | "X")
    });
    is_known.then_some(!runs)
}

/// The processes of one browser: the one the driver started, and what that started in turn.
/// Distributions start browsers by a shell script, and a driver that ends its browser ends that
/// script alone.
#[derive(Debug)]
pub(super) struct Processes {
    group: Pid,
    all: Vec<Pid>,
}

impl Processes {
    /// Those of the process that a driver of our own named; `None` where it has ended.
    pub fn of(started: i64) -> Option<Self> {
        let started = Pid::from_raw(i32::try_from(started).ok()?)?;
        let id = started.as_raw_nonzero();
        // Where there is no such file there is no such script.
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        let children = children.unwrap_or_default();
        let children = children.split_whitespace();
        let children = children.filter_map(|child| Pid::from_raw(child.parse().ok()?));
        Some(Self {
            group: getpgid(Some(started)).ok()?,
            all: children.chain([started]).collect(),
        })
    }

    /// Kills what is left of them.
    pub fn kill(&self) {
        // A number that another process got meanwhile is not in the group.
        let is_ours = |process: &&Pid| getpgid(Some(**process)) == Ok(self.group);
        for process in self.all.iter().filter(is_ours) {
            let _ = kill_process(*process, Signal::KILL);
        }
    }
}
