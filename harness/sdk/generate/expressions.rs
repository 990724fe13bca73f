//! The operators on expressions: each a small function from one node to the changes it makes of it.
//! Names are part of a mutant's identity.

use std::ops::Range;

use oxc::ast::ast::{
    AssignmentOperator, BinaryExpression, BinaryOperator, Expression, LogicalOperator,
    ObjectExpression, ObjectProperty, ObjectPropertyKind, UnaryOperator,
};
use oxc::span::{GetSpan, Span};

use super::change::{Change, Site, SiteKind, range_of};

/// What an operator may know of its node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'s> {
    /// The whole source.
    pub source: &'s str,
    /// Whether a statement is the last of its function, so that leaving there changes nothing.
    pub ends_function: bool,
}

impl<'s> Place<'s> {
    fn text(&self, span: Span) -> &'s str {
        &self.source[range_of(span)]
    }
}

type OnExpression = fn(Place<'_>, &Expression<'_>) -> Vec<Change>;

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

fn negate_ternary(place: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
    let Expression::ConditionalExpression(ternary) = node else {
        return Vec::new();
    };
    negate(place, &ternary.test).into_iter().collect()
}

/// Nothing where another operator does the same: to a `!`, or to an equality.
pub(super) fn negate(place: Place<'_>, test: &Expression<'_>) -> Option<Change> {
    let is_done_elsewhere = match test.without_parentheses() {
        Expression::UnaryExpression(unary) => unary.operator == UnaryOperator::LogicalNot,
        Expression::BinaryExpression(binary) => other_equality(binary.operator).is_some(),
        _ => false,
    };
    (!is_done_elsewhere)
        .then(|| Change::of_expression(test, format!("!({})", place.text(test.span()))))
}

/// Only operands that are asked for their truth alone: of `||`, the right one is as often a
/// default.
fn negate_operand(place: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
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
    operands
        .into_iter()
        .filter(is_plain)
        .filter_map(|operand| negate(place, operand))
        .collect()
}

fn drop_not(place: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
    match node {
        // `!0` is how minifiers write `true`; its number is changed instead.
        Expression::UnaryExpression(unary)
            if unary.operator == UnaryOperator::LogicalNot && !unary.argument.is_literal() =>
        {
            vec![Change::of_expression(
                node,
                format!("({})", place.text(unary.argument.span())),
            )]
        }
        _ => Vec::new(),
    }
}

fn other_equality(operator: BinaryOperator) -> Option<&'static str> {
    match operator {
        BinaryOperator::StrictEquality => Some("!=="),
        BinaryOperator::StrictInequality => Some("==="),
        BinaryOperator::Equality => Some("!="),
        BinaryOperator::Inequality => Some("=="),
        _ => None,
    }
}

fn swap_equality(place: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
    swap_binary(place, node, |binary| other_equality(binary.operator))
}

fn move_boundary(place: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
    swap_binary(place, node, |binary| match binary.operator {
        BinaryOperator::LessThan => Some("<="),
        BinaryOperator::LessEqualThan => Some("<"),
        BinaryOperator::GreaterThan => Some(">="),
        BinaryOperator::GreaterEqualThan => Some(">"),
        _ => None,
    })
}

fn swap_arithmetic(place: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
    if let Expression::AssignmentExpression(assignment) = node {
        let other = match assignment.operator {
            AssignmentOperator::Addition => "-=",
            AssignmentOperator::Subtraction => "+=",
            _ => return Vec::new(),
        };
        let (left, right) = (
            place.text(assignment.left.span()),
            place.text(assignment.right.span()),
        );
        return vec![Change::of_expression(
            node,
            format!("{left} {other} {right}"),
        )];
    }
    swap_binary(place, node, |binary| match binary.operator {
        BinaryOperator::Addition => Some("-"),
        BinaryOperator::Subtraction => Some("+"),
        _ => None,
    })
}

fn swap_binary(
    place: Place<'_>,
    node: &Expression<'_>,
    other: fn(&BinaryExpression<'_>) -> Option<&'static str>,
) -> Vec<Change> {
    let Expression::BinaryExpression(binary) = node else {
        return Vec::new();
    };
    let text = |other| {
        format!(
            "{} {other} {}",
            place.text(binary.left.span()),
            place.text(binary.right.span())
        )
    };
    other(binary)
        .map(|other| Change::of_expression(node, text(other)))
        .into_iter()
        .collect()
}

fn swap_logical(place: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
    swap_logical_for(place, node, |operator| match operator {
        LogicalOperator::And => Some("||"),
        LogicalOperator::Or => Some("&&"),
        LogicalOperator::Coalesce => None,
    })
}

fn swap_coalesce(place: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
    if let Expression::AssignmentExpression(assignment) = node {
        let other = match assignment.operator {
            AssignmentOperator::LogicalNullish => "||=",
            AssignmentOperator::LogicalOr => "??=",
            _ => return Vec::new(),
        };
        let (left, right) = (
            place.text(assignment.left.span()),
            place.text(assignment.right.span()),
        );
        return vec![Change::of_expression(
            node,
            format!("{left} {other} {right}"),
        )];
    }
    swap_logical_for(place, node, |operator| match operator {
        LogicalOperator::Or => Some("??"),
        LogicalOperator::Coalesce => Some("||"),
        LogicalOperator::And => None,
    })
}

/// With parentheses of its own: `??` stands beside neither of the others without.
fn swap_logical_for(
    place: Place<'_>,
    node: &Expression<'_>,
    other: fn(LogicalOperator) -> Option<&'static str>,
) -> Vec<Change> {
    let Expression::LogicalExpression(logical) = node else {
        return Vec::new();
    };
    let text = |other| {
        format!(
            "(({}) {other} ({}))",
            place.text(logical.left.span()),
            place.text(logical.right.span())
        )
    };
    other(logical.operator)
        .map(|other| Change::of_expression(node, text(other)))
        .into_iter()
        .collect()
}

fn increase_number(_: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
    number(node, 1.0)
}

fn decrease_number(_: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
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

fn flip_boolean(_: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
    let Expression::BooleanLiteral(boolean) = node else {
        return Vec::new();
    };
    vec![Change::of_expression(node, (!boolean.value).to_string())]
}

fn change_string(_: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
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

fn drop_anchor(place: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
    let Expression::RegExpLiteral(_) = node else {
        return Vec::new();
    };
    let Some((pattern, flags)) = place
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

fn drop_property(place: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
    let Expression::ObjectExpression(object) = node else {
        return Vec::new();
    };
    let without = |property: &ObjectPropertyKind<'_>| {
        let node = range_of(property.span());
        let after = &place.source[node.end..];
        let comma = after
            .trim_start()
            .strip_prefix(',')
            .map_or(0, |rest| after.len() - rest.len());
        of_property(
            object,
            property.span(),
            node.start..node.end + comma,
            String::new(),
        )
    };
    object.properties.iter().map(without).collect()
}

/// `keepalive: true`, or whatever decides it: the request that outlives its page.
fn flip_keepalive(place: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
    let Expression::ObjectExpression(object) = node else {
        return Vec::new();
    };
    let flipped = |property: &ObjectProperty<'_>| {
        let text = format!("keepalive: !({})", place.text(property.value.span()));
        of_property(object, property.span, range_of(property.span), text)
    };
    let properties = object
        .properties
        .iter()
        .filter_map(|property| match property {
            // A literal is flipped as such.
            ObjectPropertyKind::ObjectProperty(property)
                if property.key.is_specific_id("keepalive") && !property.value.is_literal() =>
            {
                Some(property)
            }
            _ => None,
        });
    properties.map(|property| flipped(property)).collect()
}

fn of_property(
    object: &ObjectExpression<'_>,
    property: Span,
    range: Range<usize>,
    text: String,
) -> Change {
    Change {
        range,
        text,
        node: range_of(property),
        site: Site::of(object.span, SiteKind::Expression),
    }
}

fn drop_await(place: Place<'_>, node: &Expression<'_>) -> Vec<Change> {
    let Expression::AwaitExpression(wait) = node else {
        return Vec::new();
    };
    vec![Change::of_expression(
        node,
        format!("({})", place.text(wait.argument.span())),
    )]
}
