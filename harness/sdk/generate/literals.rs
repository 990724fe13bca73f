//! The operators on literals.

use oxc::ast::ast::Expression;
use oxc::span::GetSpan;

use super::change::Change;
use super::context::Context;

pub(super) fn increase_number(_: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    number(node, 1.0)
}

pub(super) fn decrease_number(_: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    number(node, -1.0)
}

fn number(node: &Expression<'_>, by: f64) -> Vec<Change> {
    let Expression::NumericLiteral(number) = node else {
        return Vec::new();
    };
    let changed = number.value + by;
    let is_another = changed.total_cmp(&number.value).is_ne();
    let text = if changed < 0.0 {
        format!("({changed})")
    } else {
        changed.to_string()
    };
    is_another
        .then(|| Change::of_expression(node, text))
        .into_iter()
        .collect()
}

pub(super) fn flip_boolean(_: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    let Expression::BooleanLiteral(boolean) = node else {
        return Vec::new();
    };
    vec![Change::of_expression(node, (!boolean.value).to_string())]
}

pub(super) fn change_string(_: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    let is_empty = match node {
        Expression::StringLiteral(string) => string.value.is_empty(),
        // From one backtick to the other.
        Expression::TemplateLiteral(template) => template.span.size() == 2,
        _ => return Vec::new(),
    };
    vec![Change::of_expression(
        node,
        if is_empty { "\"changed\"" } else { "\"\"" },
    )]
}

pub(super) fn drop_anchor(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    let Expression::RegExpLiteral(_) = node else {
        return Vec::new();
    };
    let Some((pattern, flags)) = context
        .text(node.span())
        .trim_start_matches('/')
        .rsplit_once('/')
    else {
        return Vec::new();
    };
    let at_start = pattern.strip_prefix('^');
    let at_end = pattern
        .strip_suffix('$')
        .filter(|pattern| !pattern.ends_with('\\'));
    [at_start, at_end]
        .into_iter()
        .flatten()
        .map(|pattern| Change::of_expression(node, format!("/{pattern}/{flags}")))
        .collect()
}
