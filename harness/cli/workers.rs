//! How many browsers a command opens at a time.

use crate::run::Sessions;

/// More browsers than this want more memory than most machines have to spare.
const MOST_HERE: usize = 4;

/// The most that `--workers` takes; a Grid with more slots is not used further by itself.
pub const MOST_ASKED: u16 = 64;

/// Browsers at a time: as many as were asked for, but no more than the Grid has slots. Where
/// nobody asked, all slots of the Grid; without a Grid one for each core, at most four.
pub fn workers(asked: Option<u16>, sessions: &Sessions) -> usize {
    of(asked, sessions.most())
}

/// As [`workers`], once a build is known to fail; no more than were asked for.
pub fn most_workers(asked: Option<u16>, sessions: &Sessions) -> usize {
    match (asked, sessions.most()) {
        (None, None) => 2 * here(None),
        (asked, slots) => of(asked, slots),
    }
}

/// As [`workers`], on this machine.
pub fn here(asked: Option<u16>) -> usize {
    of(asked, None)
}

/// How many processors this machine has.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn of(asked: Option<u16>, slots: Option<usize>) -> usize {
    match (asked.map(usize::from), slots) {
        (Some(asked), Some(slots)) => asked.min(slots),
        (Some(asked), None) => asked,
        (None, Some(slots)) => slots.min(usize::from(MOST_ASKED)),
        (None, None) => cores().min(MOST_HERE),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::all_slots_of_a_grid(None, Some(12), 12)]
    #[case::as_many_as_were_asked_for(Some(3), Some(12), 3)]
    #[case::no_more_than_there_are(Some(16), Some(12), 12)]
    #[case::not_all_of_a_huge_grid(None, Some(500), 64)]
    #[case::as_asked_without_a_grid(Some(7), None, 7)]
    fn workers_follow_the_grid(
        #[case] asked: Option<u16>,
        #[case] slots: Option<usize>,
        #[case] expected: usize,
    ) {
        assert_eq!(of(asked, slots), expected);
    }
}
