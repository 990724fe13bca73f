//! The operators on binary, logical and assigning expressions: each swaps one for another.

use oxc::ast::ast::{AssignmentOperator, BinaryOperator, Expression, LogicalOperator};
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
    swap_binary(context, node, other_equality)
}

pub(super) fn move_boundary(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    swap_binary(context, node, |operator| match operator {
        BinaryOperator::LessThan => Some("<="),
        BinaryOperator::LessEqualThan => Some("<"),
        BinaryOperator::GreaterThan => Some(">="),
        BinaryOperator::GreaterEqualThan => Some(">"),
        _ => None,
    })
}

pub(super) fn swap_arithmetic(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    let assigning = swap_assignment(context, node, |operator| match operator {
        AssignmentOperator::Addition => Some("-="),
        AssignmentOperator::Subtraction => Some("+="),
        _ => None,
    });
    let binary = swap_binary(context, node, |operator| match operator {
        BinaryOperator::Addition => Some("-"),
        BinaryOperator::Subtraction => Some("+"),
        _ => None,
    });
    [assigning, binary].concat()
}

pub(super) fn swap_logical(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    swap_logical_for(context, node, |operator| match operator {
        LogicalOperator::And => Some("||"),
        LogicalOperator::Or => Some("&&"),
        LogicalOperator::Coalesce => None,
    })
}

pub(super) fn swap_coalesce(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    let assigning = swap_assignment(context, node, |operator| match operator {
        AssignmentOperator::LogicalNullish => Some("||="),
        AssignmentOperator::LogicalOr => Some("??="),
        _ => None,
    });
    let logical = swap_logical_for(context, node, |operator| match operator {
        LogicalOperator::Or => Some("??"),
        LogicalOperator::Coalesce => Some("||"),
        LogicalOperator::And => None,
    });
    [assigning, logical].concat()
}

fn swap_assignment(
    context: Context<'_>,
    node: &Expression<'_>,
    other: fn(AssignmentOperator) -> Option<&'static str>,
) -> Vec<Change> {
    let Expression::AssignmentExpression(own) = node else {
        return Vec::new();
    };
    let (left, right) = (
        context.text(own.left.span()),
        context.text(own.right.span()),
    );
    let swapped = other(own.operator).map(|other| format!("{left} {other} {right}"));
    Change::of_expression_if(node, swapped)
}

fn swap_binary(
    context: Context<'_>,
    node: &Expression<'_>,
    other: fn(BinaryOperator) -> Option<&'static str>,
) -> Vec<Change> {
    let Expression::BinaryExpression(own) = node else {
        return Vec::new();
    };
    let (left, right) = (
        context.text(own.left.span()),
        context.text(own.right.span()),
    );
    let swapped = other(own.operator).map(|other| format!("{left} {other} {right}"));
    Change::of_expression_if(node, swapped)
}

/// With parentheses of its own: `??` stands beside neither of the others without.
fn swap_logical_for(
    context: Context<'_>,
    node: &Expression<'_>,
    other: fn(LogicalOperator) -> Option<&'static str>,
) -> Vec<Change> {
    let Expression::LogicalExpression(own) = node else {
        return Vec::new();
    };
    let (left, right) = (
        context.text(own.left.span()),
        context.text(own.right.span()),
    );
    let swapped = other(own.operator).map(|other| format!("(({left}) {other} ({right}))"));
    Change::of_expression_if(node, swapped)
}
