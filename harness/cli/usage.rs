//! What this process and its browsers use of the machine, where the system says so.

/// A line of `/proc/self/status`, in KiB; `None` where there is no such file.
pub fn own_memory_kb(name: &str) -> Option<u64> {
    kb_of(&std::fs::read_to_string("/proc/self/status").ok()?, name)
}

/// The memory of all processes of a group, shared pages counted by share, in KiB.
pub fn group_memory_kb(group: i32) -> Option<u64> {
    let processes = std::fs::read_dir("/proc").ok()?.flatten();
    let processes = processes.map(|entry| entry.path());
    let of_group = processes.filter(|process| {
        let stat = std::fs::read_to_string(process.join("stat")).unwrap_or_default();
        // The name, in parentheses, may hold blanks; the group is the third field after it.
        let fields = stat.rsplit_once(") ").map(|(_, fields)| fields);
        fields.and_then(|fields| fields.split(' ').nth(2)?.parse().ok()) == Some(group)
    });
    let memory = of_group.filter_map(|process| {
        let memory = std::fs::read_to_string(process.join("smaps_rollup"));
        kb_of(&memory.ok()?, "Pss:")
    });
    Some(memory.sum())
}

fn kb_of(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The processor time of this process until now, in seconds.
pub fn processor_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name, in parentheses, may hold blanks; the times are the twelfth field after it and the
    // next (proc_pid_stat(5)), in hundredths of a second on every Linux.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(11);
    let (own, systems): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((own + systems) / 100.0)
}
