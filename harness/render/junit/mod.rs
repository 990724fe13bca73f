//! JUnit XML, as Jenkins, GitLab and the test reporters for GitHub read it.
//!
//! Valid by the schema of Jenkins (`junit-10.xsd`). The older one of Ant's reports differs in one
//! thing: there, only a suite has a `system-out`. All else is as it wants it.

mod suites;
#[cfg(test)]
mod tests;
mod xml;

pub use xml::{junit, legal};
