#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use rstest::rstest;

use super::walk::parses;
use super::*;
use crate::input::{Files, Source};
use crate::sdk::Build;

fn generated(source: &str) -> Generated {
    Generated::of(&Build::of("sdk.js", source.as_bytes().to_vec())).unwrap()
}

fn reference() -> Generated {
    Generated::of(&Build::reference(&Files::default()).unwrap()).unwrap()
}

/// What each mutant of `operator` makes of `source`.
fn made_by(operator: &str, source: &str) -> Vec<String> {
    let generated = generated(source);
    let own = generated
        .mutants
        .iter()
        .filter(|mutant| mutant.operator == operator);
    own.map(|mutant| String::from_utf8(generated.build("test", &[mutant]).script.to_vec()).unwrap())
        .collect()
}

#[rstest]
#[case("drop-call", "send(1);", &[";"])]
#[case("drop-call", "async () => { await send(); };", &["async () => { ; };"])]
#[case("drop-call", "a?.send();", &[";"])]
#[case("drop-call", "window.addEventListener('pagehide', f);", &[";"])]
#[case("drop-call", "a(), b = c();", &["0, b = c();"])]
#[case("drop-assignment", "a = b;", &[";"])]
#[case(
    "drop-assignment",
    "if (a) b += 1; else b++;",
    &["if (a) ; else b++;", "if (a) b += 1; else ;"]
)]
#[case("negate-condition", "if (a > b) c;", &["if (!(a > b)) c;"])]
#[case("negate-condition", "a ? b : c;", &["!(a) ? b : c;"])]
#[case("negate-condition", "while (a()) b;", &["while (!(a())) b;"])]
#[case("negate-condition", "if (a === b) c;", &[])]
#[case("negate-operand", "x = a && b();", &["x = !(a) && b();", "x = a && !(b());"])]
#[case("negate-operand", "x = a || {};", &["x = !(a) || {};"])]
#[case("drop-not", "if (!a) b;", &["if ((a)) b;"])]
#[case("drop-not", "x = !0;", &[])]
#[case("swap-equality", "a === b; a != b;", &["a !== b; a != b;", "a === b; a == b;"])]
#[case("move-boundary", "a < b; a >= b;", &["a <= b; a >= b;", "a < b; a > b;"])]
#[case("swap-logical", "x = a || b && c;", &["x = ((a) && (b && c));", "x = a || ((b) || (c));"])]
#[case("swap-coalesce", "x = a ?? b ?? c;", &["x = ((a) || (b)) ?? c;", "x = ((a ?? b) || (c));"])]
#[case("swap-coalesce", "a ??= b;", &["a ||= b;"])]
#[case("swap-arithmetic", "a += b - c;", &["a -= b - c", "a += b + c;"])]
#[case("increase-number", "x = 0x0f;", &["x = 16;"])]
#[case("decrease-number", "x = 0;", &["x = (-1);"])]
#[case("flip-boolean", "x = true;", &["x = false;"])]
#[case(
    "change-string",
    "'use strict'; x = 'a' + '';",
    &["'use strict'; x = \"\" + '';", "'use strict'; x = 'a' + \"changed\";"]
)]
#[case("change-string", "x = { 'a': `b${c}` };", &["x = { 'a': \"\" };"])]
#[case("drop-anchor", "x = /^a$/i;", &["x = /a$/i;", "x = /^a/i;"])]
#[case(
    "drop-property",
    "x = { a, b: 1, ...c };",
    &["x = {  b: 1, ...c };", "x = { a,  ...c };", "x = { a, b: 1,  };"]
)]
#[case("drop-property", "x = { keepalive: true };", &["x = {  };"])]
#[case("flip-keepalive", "x = { keepalive };", &["x = { keepalive: !(keepalive) };"])]
#[case("flip-boolean", "x = { keepalive: true };", &["x = { keepalive: false };"])]
#[case(
    "drop-return",
    "function f() { if (a) return 1; return 2; }",
    &["function f() { if (a) ; return 2; }"]
)]
#[case("drop-return-value", "function f() { return 2; }", &["function f() { return; }"])]
#[case("drop-return-value", "const f = () => g();", &["const f = () => undefined;"])]
#[case("drop-throw", "if (a) throw b;", &["if (a) ;"])]
#[case("empty-catch", "try { a; } catch (e) { b; }", &["try { a; } catch (e) {}"])]
#[case("empty-catch", "try { a; } catch {}", &[])]
#[case("empty-finally", "try { a; } finally { b; }", &["try { a; } finally {}"])]
#[case("drop-await", "async () => { x = await y; };", &["async () => { x = (y); };"])]
fn an_operator_makes_exactly_its_changes(
    #[case] operator: &str,
    #[case] source: &str,
    #[case] expected: &[&str],
) {
    // An assignment is an expression of its own, so its semicolon stays behind.
    let made: Vec<String> = made_by(operator, source)
        .iter()
        .map(|text| text.trim_end_matches(';').to_owned())
        .collect();
    let expected: Vec<String> = expected
        .iter()
        .map(|text| text.trim_end_matches(';').to_owned())
        .collect();
    assert_eq!(made, expected);
}

#[test]
fn mutants_of_the_reference_parse_and_are_distinct() {
    let generated = reference();
    assert!(generated.mutants.len() > 500, "{}", generated.mutants.len());
    let mut texts = std::collections::BTreeSet::new();
    let mut ids = std::collections::BTreeSet::new();
    for mutant in &generated.mutants {
        let build = generated.build("test", &[mutant]);
        assert!(
            parses(std::str::from_utf8(&build.script).unwrap()),
            "{}",
            mutant.id
        );
        assert!(
            texts.insert(build.sha256),
            "{} makes the text of another",
            mutant.id
        );
        assert!(ids.insert(&mutant.id), "{} stands twice", mutant.id);
    }
}

#[test]
fn an_id_outlives_edits_elsewhere_in_the_file() {
    let source = "function send(a) { if (a) post(a, 1); post(a, 1); }";
    let edited = "// new\nfunction other() { post(2); }\n\n\
        function send(a) {\n  log(3);\n  if (a) post(a,\n    1);\n  post(a, 1);\n}";
    let ids = |source: &str| {
        generated(source)
            .mutants
            .into_iter()
            .filter(|mutant| mutant.function == "send")
            .map(|mutant| mutant.id)
            .collect::<Vec<_>>()
    };
    let (before, after) = (ids(source), ids(edited));
    assert!(before.len() > 4);
    assert_eq!(
        before
            .iter()
            .filter(|id| !after.contains(id))
            .collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
}

#[test]
fn a_function_is_named_by_whoever_holds_it() {
    let source = "const a = () => { x(1); }; b.c = function () { x(2); }; class D { e() { x(3); } \
        } f = { g: () => { x(4); } }; h(() => { x(5); });";
    let calls = generated(source)
        .mutants
        .into_iter()
        .filter(|mutant| mutant.operator == "drop-call" && mutant.was.starts_with('x'));
    assert_eq!(
        calls.map(|mutant| mutant.function).collect::<Vec<_>>(),
        ["a", "c", "e", "g", "top"]
    );
}

#[test]
fn instrumented_build_parses_and_names_every_site() {
    let generated = reference();
    let text = String::from_utf8(generated.instrumented().script.to_vec()).unwrap();
    assert!(parses(&text), "{text}");
    for mutant in &generated.mutants {
        assert!(
            text.contains(&format!("alhenaConformanceCovered({})", mutant.site.0)),
            "{}",
            mutant.id
        );
    }
    assert_eq!(
        Generated::executed("http://c1.shop 1:2 \"alhena-conformance-covered-17\""),
        Some(SiteId(17))
    );
    assert_eq!(
        Generated::executed("/alhena-conformance-covered-3"),
        Some(SiteId(3))
    );
    assert_eq!(Generated::executed("http://c1.shop 1:2 \"17\""), None);
}

#[test]
fn sites_that_meet_are_nested_and_not_mixed() {
    let text = String::from_utf8(
        generated("if(a)b(c||'d');try{e()}catch{f()}")
            .instrumented()
            .script
            .to_vec(),
    )
    .unwrap();
    let body = text
        .split_once("location.href")
        .and_then(|(_, rest)| rest.split_once(");"))
        .unwrap()
        .1
        .trim_start()
        .replace("alhenaConformanceCovered", "S");
    assert!(parses(&text), "{text}");
    let without_numbers: String = body
        .chars()
        .filter(|letter| !letter.is_ascii_digit())
        .collect();
    assert_eq!(
        without_numbers,
        "if((S(),a)){S();b((S(),(S(),c)||(S(),'d')));}try{{S();e()}}catch{S();{S();f()}}"
    );
}

#[test]
fn diff_shows_two_lines_around_the_change() {
    let generated = generated("one;\ntwo;\nthree;\nif (a) {\n  b();\n}\nfour;\nfive;\n");
    let mutant = generated
        .mutants
        .iter()
        .find(|mutant| mutant.operator == "drop-call")
        .unwrap();
    assert_eq!(
        generated.diff(mutant),
        "@@ -3,5 +3,5 @@\n three;\n if (a) {\n-  b();\n+  ;\n }\n four;\n"
    );
    assert_eq!((mutant.line, mutant.column), (5, 3));
}

#[test]
fn diff_of_a_multiline_change_drops_every_line() {
    let generated = generated("a(\n  1,\n);\nb;");
    let mutant = generated
        .mutants
        .iter()
        .find(|mutant| mutant.operator == "drop-call")
        .unwrap();
    assert_eq!(
        generated.diff(mutant),
        "@@ -1,4 +1,2 @@\n-a(\n-  1,\n-);\n+;\n b;\n"
    );
}

#[test]
fn what_is_no_javascript_is_refused_at_its_line() {
    let error = Generated::of(&Build::of("sdk.js", b"fine();\nif (".to_vec()))
        .unwrap_err()
        .to_string();
    assert!(error.contains("sdk.js:2"), "{error}");
}

fn explained(text: &str) -> Result<Equivalents, String> {
    let source = Source {
        name: "equivalent-mutants.toml".into(),
        text: text.into(),
    };
    Equivalents::read(source, &generated("send(1);").mutants)
        .map_err(|errors| errors[0].to_string())
}

#[test]
fn explanation_of_a_missing_mutant_is_an_error() {
    let id = &generated("send(1);").mutants[0].id;
    let entry = |id: &str, was: &str| {
        format!("\n[[equivalent]]\nid = \"{id}\"\nwas = \"{was}\"\nwhy = \"Because.\"\n")
    };
    assert_eq!(
        explained(&entry(id, "send(1);"))
            .unwrap()
            .get(id)
            .unwrap()
            .line,
        2
    );
    let stale = explained(&entry("drop-call@gone#00000000", "send(1);")).unwrap_err();
    assert!(stale.contains("equivalent-mutants.toml:2"), "{stale}");
    assert!(
        explained(&entry(id, "send(2);"))
            .unwrap_err()
            .contains("another text")
    );
    assert!(
        explained(&format!("{}maybe = true\n", entry(id, "send(1);")))
            .unwrap_err()
            .contains("unknown field")
    );
}

#[test]
fn committed_explanations_fit_the_reference() {
    let explained = Equivalents::load(&Files::default(), &reference().mutants);
    assert!(explained.is_ok(), "{explained:?}");
}
