use oxc::span::Span;

use super::change::range_of;

/// What an operator may know of its node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'s> {
    /// The whole source.
    pub source: &'s str,
    /// Whether a statement is the last of its function, so that leaving there changes nothing.
    pub ends_function: bool,
}

impl<'s> Context<'s> {
    /// The text of a node.
    pub(super) fn text(&self, span: Span) -> &'s str {
        &self.source[range_of(span)]
    }
}
