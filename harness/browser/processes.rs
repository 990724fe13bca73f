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
