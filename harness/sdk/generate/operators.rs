//! The operators on binary, logical and assigning expressions.

use oxc::ast::ast::{
    AssignmentOperator, BinaryExpression, BinaryOperator, Expression, LogicalOperator,
};
use oxc::span::GetSpan;

use super::change::Change;
use super::context::Context;

/// The opposite of an equality; `None`: it is none.
pub(super) fn other_equality(operator: BinaryOperator) -> Option<&'static str> {
    match operator {
        BinaryOperator::StrictEquality => Some("!=="),
        BinaryOperator::StrictInequality => Some("==="),
        BinaryOperator::Equality => Some("!="),
        BinaryOperator::Inequality => Some("=="),
        _ => None,
    }
}

pub(super) fn swap_equality(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    swap_binary(context, node, |binary| other_equality(binary.operator))
}

pub(super) fn move_boundary(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    swap_binary(context, node, |binary| match binary.operator {
        BinaryOperator::LessThan => Some("<="),
        BinaryOperator::LessEqualThan => Some("<"),
        BinaryOperator::GreaterThan => Some(">="),
        BinaryOperator::GreaterEqualThan => Some(">"),
        _ => None,
    })
}

pub(super) fn swap_arithmetic(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    if let Expression::AssignmentExpression(assignment) = node {
        let other = match assignment.operator {
            AssignmentOperator::Addition => "-=",
            AssignmentOperator::Subtraction => "+=",
            _ => return Vec::new(),
        };
        let (left, right) = (
            context.text(assignment.left.span()),
            context.text(assignment.right.span()),
        );
        return vec![Change::of_expression(
            node,
            format!("{left} {other} {right}"),
        )];
    }
    swap_binary(context, node, |binary| match binary.operator {
        BinaryOperator::Addition => Some("-"),
        BinaryOperator::Subtraction => Some("+"),
        _ => None,
    })
}

fn swap_binary(
    context: Context<'_>,
    node: &Expression<'_>,
    other: fn(&BinaryExpression<'_>) -> Option<&'static str>,
) -> Vec<Change> {
    let Expression::BinaryExpression(binary) = node else {
        return Vec::new();
    };
    let text = |other| {
        format!(
            "{} {other} {}",
            context.text(binary.left.span()),
            context.text(binary.right.span())
        )
    };
    other(binary)
        .map(|other| Change::of_expression(node, text(other)))
        .into_iter()
        .collect()
}

pub(super) fn swap_logical(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    swap_logical_for(context, node, |operator| match operator {
        LogicalOperator::And => Some("||"),
        LogicalOperator::Or => Some("&&"),
        LogicalOperator::Coalesce => None,
    })
}

pub(super) fn swap_coalesce(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    if let Expression::AssignmentExpression(assignment) = node {
        let other = match assignment.operator {
            AssignmentOperator::LogicalNullish => "||=",
            AssignmentOperator::LogicalOr => "??=",
            _ => return Vec::new(),
        };
        let (left, right) = (
            context.text(assignment.left.span()),
            context.text(assignment.right.span()),
        );
        return vec![Change::of_expression(
            node,
            format!("{left} {other} {right}"),
        )];
    }
    swap_logical_for(context, node, |operator| match operator {
        LogicalOperator::Or => Some("??"),
        LogicalOperator::Coalesce => Some("||"),
        LogicalOperator::And => None,
    })
}

/// With parentheses of its own: `??` stands beside neither of the others without.
fn swap_logical_for(
    context: Context<'_>,
    node: &Expression<'_>,
    other: fn(LogicalOperator) -> Option<&'static str>,
) -> Vec<Change> {
    let Expression::LogicalExpression(logical) = node else {
        return Vec::new();
    };
    let text = |other| {
        format!(
            "(({}) {other} ({}))",
            context.text(logical.left.span()),
            context.text(logical.right.span())
        )
    };
    other(logical.operator)
        .map(|other| Change::of_expression(node, text(other)))
        .into_iter()
        .collect()
}
