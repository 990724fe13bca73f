//! The operators on the properties of objects.

use std::ops::Range;

use oxc::ast::ast::{Expression, ObjectExpression, ObjectProperty, ObjectPropertyKind};
use oxc::span::{GetSpan, Span};

use super::change::{Change, Site, SiteKind, range_of};
use super::context::Context;

pub(super) fn drop_property(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    let Expression::ObjectExpression(object) = node else {
        return Vec::new();
    };
    let without = |property: &ObjectPropertyKind<'_>| {
        let node = range_of(property.span());
        let after = &context.source[node.end..];
        let rest = after.trim_start().strip_prefix(',').unwrap_or(after);
        let range = node.start..context.source.len() - rest.len();
        of_property(object, property.span(), range, String::new())
    };
    object.properties.iter().map(without).collect()
}

/// `keepalive: true`, or whatever decides it: the request that outlives its page.
pub(super) fn flip_keepalive(context: Context<'_>, node: &Expression<'_>) -> Vec<Change> {
    let Expression::ObjectExpression(object) = node else {
        return Vec::new();
    };
    let flipped = |property: &ObjectProperty<'_>| {
        let text = format!("keepalive: !({})", context.text(property.value.span()));
        of_property(object, property.span, range_of(property.span), text)
    };
    let changed = |property: &ObjectPropertyKind<'_>| match property {
        // A literal is flipped as such.
        ObjectPropertyKind::ObjectProperty(property)
            if property.key.is_specific_id("keepalive") && !property.value.is_literal() =>
        {
            Some(flipped(property))
        }
        _ => None,
    };
    object.properties.iter().filter_map(changed).collect()
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
