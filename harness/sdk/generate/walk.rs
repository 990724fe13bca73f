use oxc::allocator::Allocator;
use oxc::ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, AssignmentExpression, Expression, Function,
    FunctionBody, MethodDefinition, ObjectProperty, Program, PropertyDefinition, PropertyKey,
    Statement, VariableDeclarator,
};
use oxc::ast_visit::{VisitJs, walk_js};
use oxc::parser::Parser;
use oxc::span::{GetSpan, SourceType, Span};
use oxc::syntax::scope::ScopeFlags;

use super::change::Change;
use super::context::Context;
use super::expressions::{ON_ARROW_BODY, ON_EXPRESSIONS};
use super::statements::ON_STATEMENTS;

/// A change with the operator that made it and the function it is in.
#[derive(Debug)]
pub(super) struct Found {
    pub operator: &'static str,
    pub function: String,
    pub change: Change,
}

/// Every change the operators make of a source, in the order of its text, and the end of its
/// directives (`"use strict"`).
///
/// # Errors
/// What the parser says, if it is not JavaScript.
pub(super) fn walk(source: &str) -> Result<(Vec<Found>, usize), (String, usize)> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, source, SourceType::unambiguous()).parse();
    if let Some(error) = parsed.diagnostics.iter().next() {
        let label = error.labels.first();
        let at = label.map_or(0, |label| label.offset() as usize);
        return Err((error.to_string(), at));
    }
    let mut walker = Walker {
        source,
        functions: Vec::new(),
        name: None,
        last: None,
        found: Vec::new(),
    };
    walker.visit_program(&parsed.program);
    walker
        .found
        .sort_by_key(|found| (found.change.range.start, found.change.range.end));
    Ok((walker.found, end_of_directives(&parsed.program)))
}

/// Whether a source is JavaScript.
pub(super) fn parses(source: &str) -> bool {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, source, SourceType::unambiguous()).parse();
    !parsed.panicked && parsed.diagnostics.is_empty()
}

fn end_of_directives(program: &Program<'_>) -> usize {
    let last = program.directives.last();
    last.map_or(0, |directive| directive.span.end as usize)
}

/// Goes through the tree, and keeps the name of the function it is in.
struct Walker<'s> {
    source: &'s str,
    functions: Vec<String>,
    /// What the next function is called by whoever holds it.
    name: Option<String>,
    /// The last statement of the current function.
    last: Option<Span>,
    found: Vec<Found>,
}

impl<'s> Walker<'s> {
    fn context(&self, ends_function: bool) -> Context<'s> {
        Context {
            source: self.source,
            ends_function,
        }
    }

    fn keep(&mut self, operator: &'static str, changes: Vec<Change>) {
        let function = self.functions.last().map_or("top", String::as_str);
        self.found.extend(changes.into_iter().map(|change| Found {
            operator,
            function: function.to_owned(),
            change,
        }));
    }

    fn name_if_function(&mut self, name: Option<&str>, value: &Expression<'_>) {
        if matches!(
            value.without_parentheses(),
            Expression::FunctionExpression(_) | Expression::ArrowFunctionExpression(_)
        ) {
            self.name = name.map(str::to_owned);
        }
    }

    /// A function without a name belongs to the one around it.
    fn within(&mut self, name: Option<String>, walk: impl FnOnce(&mut Self)) {
        let (named, last) = (name.is_some(), self.last.take());
        self.functions.extend(name);
        walk(self);
        if named {
            self.functions.pop();
        }
        self.last = last;
    }
}

impl<'a> VisitJs<'a> for Walker<'_> {
    fn visit_expression(&mut self, node: &Expression<'a>) {
        let context = self.context(false);
        for (operator, changes) in ON_EXPRESSIONS {
            self.keep(operator, changes(context, node));
        }
        walk_js::walk_expression(self, node);
    }

    fn visit_statement(&mut self, node: &Statement<'a>) {
        let context = self.context(self.last == Some(node.span()));
        for (operator, changes) in ON_STATEMENTS {
            self.keep(operator, changes(context, node));
        }
        walk_js::walk_statement(self, node);
    }

    fn visit_function_body(&mut self, node: &FunctionBody<'a>) {
        self.last = node.statements.last().map(GetSpan::span);
        walk_js::walk_function_body(self, node);
    }

    fn visit_arrow_function_body(&mut self, node: &ArrowFunctionBody<'a>) {
        if let Some(body) = node.as_expression() {
            let (operator, changes) = ON_ARROW_BODY;
            self.keep(operator, changes(self.context(true), body));
        }
        walk_js::walk_arrow_function_body(self, node);
    }

    fn visit_function(&mut self, node: &Function<'a>, flags: ScopeFlags) {
        let held = self.name.take();
        let name = node.id.as_ref().map(|id| id.name.to_string()).or(held);
        self.within(name, |walker| walk_js::walk_function(walker, node, flags));
    }

    fn visit_arrow_function_expression(&mut self, node: &ArrowFunctionExpression<'a>) {
        let name = self.name.take();
        self.within(name, |walker| {
            walk_js::walk_arrow_function_expression(walker, node);
        });
    }

    fn visit_variable_declarator(&mut self, node: &VariableDeclarator<'a>) {
        if let Some(value) = &node.init {
            self.name_if_function(node.id.get_identifier_name().as_deref(), value);
        }
        walk_js::walk_variable_declarator(self, node);
    }

    fn visit_assignment_expression(&mut self, node: &AssignmentExpression<'a>) {
        self.name_if_function(node.left.get_identifier_name(), &node.right);
        walk_js::walk_assignment_expression(self, node);
    }

    fn visit_object_property(&mut self, node: &ObjectProperty<'a>) {
        self.name_if_function(node.key.static_name().as_deref(), &node.value);
        walk_js::walk_object_property(self, node);
    }

    fn visit_method_definition(&mut self, node: &MethodDefinition<'a>) {
        self.name = node.key.static_name().map(std::borrow::Cow::into_owned);
        walk_js::walk_method_definition(self, node);
    }

    fn visit_property_definition(&mut self, node: &PropertyDefinition<'a>) {
        if let Some(value) = &node.value {
            self.name_if_function(node.key.static_name().as_deref(), value);
        }
        walk_js::walk_property_definition(self, node);
    }

    /// A name is no value, even where it is written as one.
    fn visit_property_key(&mut self, _: &PropertyKey<'a>) {}
}
