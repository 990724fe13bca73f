//! The operators on expressions: each a small function from one node to the changes it makes of it.
//! Names are part of a mutant's identity.

use oxc::ast::ast::Expression;
use oxc::span::GetSpan;

use super::change::Change;
use super::conditions::{drop_not, negate_operand, negate_ternary};
use super::context::Context;
use super::literals::{change_string, decrease_number, drop_anchor, flip_boolean, increase_number};
use super::objects::{drop_property, flip_keepalive};
use super::operators::{
    move_boundary, swap_arithmetic, swap_coalesce, swap_equality, swap_logical,
};

type OnExpression = fn(Context<'_>, &Expression<'_>) -> Vec<Change>;

/// Operators on expressions.
pub(super) const ON_EXPRESSIONS: [(&str, OnExpression); 16] = [
    ("negate-condition", negate_ternary),
    ("negate-operand", negate_operand),
    ("drop-not", drop_not),
    ("swap-equality", swap_equality),
    ("move-boundary", move_boundary),
    ("swap-logical", swap_logical),
    ("swap-coalesce", swap_coalesce),
    ("swap-arithmetic", swap_arithmetic),
    ("increase-number", increase_number),
    ("decrease-number", decrease_number),
    ("flip-boolean", flip_boolean),
    ("change-string", change_string),
    ("drop-anchor", drop_anchor),
    ("drop-property", drop_property),
    ("flip-keepalive", flip_keepalive),
    ("drop-await", drop_await),
];

/// The operator on the body of `() => body`, where it is an expression.
pub(super) const ON_ARROW_BODY: (&str, OnExpression) = ("drop-return-value", |_, body| {
    vec![Change::of_expression(body, "undefined")]
});

fn drop_await(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    let Expression::AwaitExpression(wait) = node else {
        return Vec::new();
    };
    let bare = format!("({})", context.text(wait.argument.span()));
    vec![Change::of_expression(node, bare)]
}
