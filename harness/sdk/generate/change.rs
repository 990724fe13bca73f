use std::ops::Range;

use oxc::ast::ast::Expression;
use oxc::span::{GetSpan, Span};

/// One change of an SDK's source text, before it is known to parse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// What is replaced, in bytes.
    pub range: Range<usize>,
    /// By what.
    pub text: String,
    /// The node that it changes: its text is part of the mutant's identity.
    pub node: Range<usize>,
    /// What must be executed for it to matter.
    pub site: Site,
}

/// A place of the source text whose execution can be seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Site {
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    pub kind: SiteKind,
}

/// How a site is made visible. Ordered: the outer first, where two share a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SiteKind {
    /// The inside of a block, braces included.
    Block,
    /// A statement that declares nothing.
    Statement,
    /// An expression.
    Expression,
}

impl Change {
    /// A whole expression is replaced.
    pub fn of_expression(node: &Expression<'_>, text: impl Into<String>) -> Self {
        Self::of(node.span(), SiteKind::Expression, text)
    }

    /// A whole expression is replaced, where there is something to replace it by.
    pub fn of_expression_if(node: &Expression<'_>, text: Option<String>) -> Vec<Self> {
        text.into_iter()
            .map(|text| Self::of_expression(node, text))
            .collect()
    }

    /// A whole statement is replaced.
    pub fn of_statement(span: Span, text: impl Into<String>) -> Self {
        Self::of(span, SiteKind::Statement, text)
    }

    /// The body of a `catch` or `finally` is replaced.
    pub fn of_block(span: Span, text: impl Into<String>) -> Self {
        Self::of(span, SiteKind::Block, text)
    }

    fn of(span: Span, kind: SiteKind, text: impl Into<String>) -> Self {
        let range = range_of(span);
        Self {
            range: range.clone(),
            text: text.into(),
            node: range,
            site: Site::of(span, kind),
        }
    }
}

impl Site {
    pub fn of(span: Span, kind: SiteKind) -> Self {
        let Range { start, end } = range_of(span);
        Self { start, end, kind }
    }
}

/// A span as a range of bytes.
pub(super) fn range_of(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}
