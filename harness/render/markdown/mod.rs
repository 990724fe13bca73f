//! The report as Markdown: a comment on a pull request, and the summary of a step in GitHub
//! Actions.

mod comment;
mod escape;

pub use comment::markdown;
