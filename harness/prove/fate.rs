use crate::contract::CheckId;

/// What became of one mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// No case of the plan executes its site.
    NotExecuted,
    /// These checks caught it.
    Killed(Vec<CheckId>),
    /// Every case that executes its site was driven, and no check broke.
    Survived,
    /// The machine failed, or it was interrupted.
    Undecided(String),
}

/// One mutant and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedTrial {
    pub mutant: String,
    /// How many cases execute its site.
    pub cases: usize,
    pub fate: Fate,
}

/// What happens during a run of generated mutants.
#[derive(Debug, Clone)]
pub enum GeneratedEvent {
    /// A case was driven on the instrumented build, or on the SDK itself.
    Prepared { done: usize, of: usize },
    /// A mutant has its verdict.
    Decided(GeneratedTrial),
    /// So many mutants are driven on in batches.
    Batched(usize),
}
