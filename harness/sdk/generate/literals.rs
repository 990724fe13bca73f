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
    Change::of_expression_if(node, is_another.then_some(text))
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
    let other = if is_empty { "\"changed\"" } else { "\"\"" };
    vec![Change::of_expression(node, other)]
}

pub(super) fn drop_anchor(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    let Expression::RegExpLiteral(_) = node else {
        return Vec::new();
    };
    let literal = context.text(node.span()).trim_start_matches('/');
    let Some((pattern, flags)) = literal.rsplit_once('/') else {
        return Vec::new();
    };
    let is_anchor = |rest: &&str| !rest.ends_with('\\');
    let at_end = pattern.strip_suffix('$').filter(is_anchor);
    let rests = pattern.strip_prefix('^').into_iter().chain(at_end);
    let without = |rest| Change::of_expression(node, format!("/{rest}/{flags}"));
    rests.map(without).collect()
}
