//! The operators on statements: as those on expressions.

use oxc::ast::ast::{BlockStatement, ChainElement, Expression, Statement};

use super::change::Change;
use super::conditions::negate;
use super::context::Context;

type OnStatement = fn(Context<'_>, &Statement<'_>) -> Vec<Change>;

/// Operators on statements.
pub(super) const ON_STATEMENTS: [(&str, OnStatement); 8] = [
    ("negate-condition", negate_test),
    ("drop-call", drop_call),
    ("drop-assignment", drop_assignment),
    ("drop-return", drop_return),
    ("drop-return-value", drop_return_value),
    ("drop-throw", drop_throw),
    ("empty-catch", empty_catch),
    ("empty-finally", empty_finally),
];

fn negate_test(context: Context<'_>, node: &Statement<'_>) -> Vec<Change> {
    let test = match node {
        Statement::IfStatement(node) => Some(&node.test),
        Statement::WhileStatement(node) => Some(&node.test),
        Statement::DoWhileStatement(node) => Some(&node.test),
        Statement::ForStatement(node) => node.test.as_ref(),
        _ => None,
    };
    test.and_then(|test| negate(context, test))
        .into_iter()
        .collect()
}

fn drop_call(_: Context<'_>, node: &Statement<'_>) -> Vec<Change> {
    dropped(node, |expression| match expression {
        Expression::AwaitExpression(wait) => is_call(&wait.argument),
        other => is_call(other),
    })
}

fn is_call(node: &Expression<'_>) -> bool {
    match node {
        Expression::CallExpression(_) => true,
        Expression::ChainExpression(chain) => {
            matches!(chain.expression, ChainElement::CallExpression(_))
        }
        _ => false,
    }
}

fn drop_assignment(_: Context<'_>, node: &Statement<'_>) -> Vec<Change> {
    dropped(node, |expression| {
        matches!(
            expression,
            Expression::AssignmentExpression(_) | Expression::UpdateExpression(_)
        )
    })
}

/// A whole statement, or a part of `a(), b = 1;`, as minifiers write it.
fn dropped(node: &Statement<'_>, is_meant: fn(&Expression<'_>) -> bool) -> Vec<Change> {
    let Statement::ExpressionStatement(statement) = node else {
        return Vec::new();
    };
    match &statement.expression {
        Expression::SequenceExpression(sequence) => sequence
            .expressions
            .iter()
            .filter(|part| is_meant(part))
            .map(|part| Change::of_expression(part, "0"))
            .collect(),
        whole if is_meant(whole) => vec![Change::of_statement(statement.span, ";")],
        _ => Vec::new(),
    }
}

fn drop_return(context: Context<'_>, node: &Statement<'_>) -> Vec<Change> {
    match node {
        Statement::ReturnStatement(statement) if !context.ends_function => {
            vec![Change::of_statement(statement.span, ";")]
        }
        _ => Vec::new(),
    }
}

fn drop_return_value(_: Context<'_>, node: &Statement<'_>) -> Vec<Change> {
    match node {
        Statement::ReturnStatement(statement) if statement.argument.is_some() => {
            vec![Change::of_statement(statement.span, "return;")]
        }
        _ => Vec::new(),
    }
}

fn drop_throw(_: Context<'_>, node: &Statement<'_>) -> Vec<Change> {
    let Statement::ThrowStatement(statement) = node else {
        return Vec::new();
    };
    vec![Change::of_statement(statement.span, ";")]
}

fn empty_catch(_: Context<'_>, node: &Statement<'_>) -> Vec<Change> {
    let Statement::TryStatement(statement) = node else {
        return Vec::new();
    };
    let handler = statement.handler.as_ref();
    emptied(handler.map(|handler| &*handler.body))
}

fn empty_finally(_: Context<'_>, node: &Statement<'_>) -> Vec<Change> {
    let Statement::TryStatement(statement) = node else {
        return Vec::new();
    };
    emptied(statement.finalizer.as_deref())
}

fn emptied(body: Option<&BlockStatement<'_>>) -> Vec<Change> {
    let full = body.filter(|body| !body.body.is_empty());
    full.map(|body| Change::of_block(body.span, "{}"))
        .into_iter()
        .collect()
}
