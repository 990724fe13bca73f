//! The operators on conditions.

use oxc::ast::ast::{Expression, LogicalOperator, UnaryOperator};
use oxc::span::GetSpan;

use super::change::Change;
use super::context::Context;
use super::operators::other_equality;

pub(super) fn negate_ternary(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    let Expression::ConditionalExpression(ternary) = node else {
        return Vec::new();
    };
    negate(context, &ternary.test).into_iter().collect()
}

/// Nothing where another operator does the same: to a `!`, or to an equality.
pub(super) fn negate(context: Context<'_>, test: &Expression<'_>) -> Option<Change> {
    let is_done_elsewhere = match test.without_parentheses() {
        Expression::UnaryExpression(unary) => unary.operator == UnaryOperator::LogicalNot,
        Expression::BinaryExpression(binary) => other_equality(binary.operator).is_some(),
        _ => false,
    };
    let negated = format!("!({})", context.text(test.span()));
    (!is_done_elsewhere).then(|| Change::of_expression(test, negated))
}

/// Only operands that are asked for their truth alone: of `||`, the right one is as often a
/// default.
pub(super) fn negate_operand(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    let Expression::LogicalExpression(logical) = node else {
        return Vec::new();
    };
    let operands = match logical.operator {
        LogicalOperator::And => vec![&logical.left, &logical.right],
        LogicalOperator::Or => vec![&logical.left],
        LogicalOperator::Coalesce => Vec::new(),
    };
    let is_plain = |operand: &&Expression<'_>| {
        let plain = operand.without_parentheses();
        plain.is_identifier_reference()
            || plain.is_member_expression()
            || matches!(
                plain,
                Expression::CallExpression(_) | Expression::ChainExpression(_)
            )
    };
    let plain = operands.into_iter().filter(is_plain);
    plain
        .filter_map(|operand| negate(context, operand))
        .collect()
}

pub(super) fn drop_not(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    match node {
        // `!0` is how minifiers write `true`; its number is changed instead.
        Expression::UnaryExpression(unary)
            if unary.operator == UnaryOperator::LogicalNot && !unary.argument.is_literal() =>
        {
            let bare = format!("({})", context.text(unary.argument.span()));
            vec![Change::of_expression(node, bare)]
        }
        _ => Vec::new(),
    }
}
