use super::policy::Rejection;
use crate::contract::Event;

/// One event of a case, and what became of it.
#[derive(Debug)]
pub struct Called<'a> {
    /// The event.
    pub event: &'a Event,
    /// What the scenario expects of it.
    pub role: Role,
    /// The indexes in [`Ledger::recorded`](super::Ledger::recorded) that hold it.
    pub recorded: Vec<usize>,
    /// How often it may be recorded: once. Where the build does not claim to recognise an order
    /// that is reported again: as often as it was reported.
    pub allowed: usize,
    /// Why a server rejected it, where it was sent and not recorded.
    pub rejection: Option<Rejection>,
}

/// What a scenario expects of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It stands in `expect.recorded`: it must be recorded, once for each time it stands there.
    Expected,
    /// It stands in `expect.not_recorded`.
    Forbidden,
    /// It was called, and the scenario leaves open whether it is recorded. Each call counts.
    Open,
}

/// How an event differs from what the scenario expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// It was not recorded, and must be.
    Lost,
    /// It was recorded more often than it was called.
    Duplicated,
    /// It was recorded, and must not be.
    Forbidden,
}

impl Called<'_> {
    /// How it differs from what the scenario expects; `None`: it does not.
    pub fn fault(&self) -> Option<Fault> {
        let times = self.recorded.len();
        match self.role {
            Role::Expected if times == 0 => Some(Fault::Lost),
            Role::Forbidden => (times > 0).then_some(Fault::Forbidden),
            Role::Expected | Role::Open => (times > self.allowed).then_some(Fault::Duplicated),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::Value;

    use super::*;
    use crate::contract::Method;

    #[rstest]
    #[case(Role::Expected, [Some(Fault::Lost), None, Some(Fault::Duplicated)])]
    #[case(Role::Forbidden, [None, Some(Fault::Forbidden), Some(Fault::Forbidden)])]
    #[case(Role::Open, [None, None, Some(Fault::Duplicated)])]
    fn fault_follows_from_role_and_number_of_records(
        #[case] role: Role,
        #[case] faults: [Option<Fault>; 3],
    ) {
        let event = Event {
            label: String::new(),
            method: Method::SendCartEvent,
            args: Value::Null,
        };
        for (times, fault) in faults.into_iter().enumerate() {
            let called = Called {
                event: &event,
                role,
                recorded: (0..times).collect(),
                allowed: 1,
                rejection: None,
            };
            assert_eq!(called.fault(), fault, "recorded {times} times");
        }
    }
}
