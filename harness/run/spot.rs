//! Where a position of a run is, in files that the user knows.

use std::sync::Arc;

use url::Url;

use super::excerpt;
use crate::evidence::{Position, Spot};
use crate::plan::Case;
use crate::sdk::{Installation, Profile, Snippet, resolved};
use crate::storefront::{BESIDE, Pages, Variant, file_of};

/// Where a position that a page of `case` reported is. Of a build at a URL the source map may be
/// fetched.
pub fn spot(
    installation: &Installation,
    profile: &Profile,
    case: &Case,
    position: &Position,
) -> Spot {
    let found = own_path(profile, &position.url).and_then(|path| {
        in_build(installation, profile, &path, position)
            .or_else(|| beside_profile(profile, &path, position))
            .or_else(|| on_page(installation, profile, case, &path, position))
    });
    let (line, column) = (position.line, position.column);
    found.unwrap_or_else(|| excerpt::spot(position.url.clone(), None, line, column))
}

/// The path of a URL below one of the harness's own hosts, or of the vendor's.
fn own_path(profile: &Profile, url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?;
    let is_own = host.ends_with(".localhost") || profile.names_host(host);
    is_own.then(|| url.path().to_owned())
}

fn in_build(
    Installation { build, .. }: &Installation,
    profile: &Profile,
    path: &str,
    position: &Position,
) -> Option<Spot> {
    let file = path.strip_prefix(&profile.install.path)?;
    let entry = profile.install.scripts.last().map_or("", String::as_str);
    let name = build.name_of(file, entry);
    let (line, column) = (position.line, position.column);
    let bytes = if file == entry {
        Some(Arc::clone(&build.script))
    } else {
        build.beside(file)
    };
    let text = bytes.as_deref().map(String::from_utf8_lossy);
    let text = text.as_deref().unwrap_or_default();
    let map = build.map_of(file, text).unwrap_or_default();
    let at = (line.saturating_sub(1), column.saturating_sub(1));
    let Some((source, line, column)) = map.source_of(at.0, at.1) else {
        return Some(excerpt::spot(name, Some(text), line, column));
    };
    let own = || {
        let bytes = build.beside(&resolved(file, &source.name))?;
        String::from_utf8(bytes.to_vec()).ok()
    };
    let text = source.text.clone().or_else(own);
    let name = source_name(&name, &source.name);
    Some(excerpt::spot(name, text.as_deref(), line + 1, column + 1))
}

/// The source of a file, by its name in the file's map: a path from there, or a path of a bundler,
/// such as `webpack://widget/./src/queue.ts`.
fn source_name(file: &str, source: &str) -> String {
    match source.split_once("://") {
        Some(("http" | "https", _)) => source.to_owned(),
        Some((_, rest)) => resolved("", rest.split_once('/').map_or(rest, |(_, path)| path)),
        None => resolved(file, source),
    }
}

fn beside_profile(profile: &Profile, path: &str, position: &Position) -> Option<Spot> {
    let name = path.strip_prefix(BESIDE)?;
    let text = profile.origin.beside.get(name)?;
    let file = resolved(&profile.origin.file, name);
    let (line, column) = (position.line, position.column);
    Some(excerpt::spot(file, Some(text), line, column))
}

/// An inline script of a page, or a file of the shop's.
fn on_page(
    Installation { snippet, .. }: &Installation,
    profile: &Profile,
    case: &Case,
    path: &str,
    position: &Position,
) -> Option<Spot> {
    let pages = Pages::new(Arc::new(profile.clone())).ok()?;
    let (file, _) = file_of(path);
    let variant = Variant {
        options: &case.scenario.storefront,
        load: case.axes.load,
        condition: case.axes.condition.as_deref(),
        company: None,
        snippet,
    };
    let page = pages.build(&file, variant, "").ok();
    let html = page.map(|page| page.html).unwrap_or_default();
    let (line, column) = (position.line, position.column);
    if let Some(line) = line_in(&snippet.html, &html, line) {
        let is_bundled = Snippet::bundled().is_ok_and(|own| own.sha256 == snippet.sha256);
        let file = if is_bundled {
            "the snippet"
        } else {
            &snippet.source
        };
        return Some(excerpt::spot(
            file.to_owned(),
            Some(&snippet.html),
            line,
            column,
        ));
    }
    let file = format!("the shop's page {path}");
    Some(excerpt::spot(file, Some(&html), line, column))
}

/// The line of `part` that is this line of `whole`.
fn line_in(part: &str, whole: &str, line: usize) -> Option<usize> {
    let mut starts = whole.match_indices(part).map(|(start, _)| start);
    starts.find_map(|start| {
        let before = whole[..start].matches('\n').count();
        let own = line.checked_sub(before)?;
        (1..=part.lines().count()).contains(&own).then_some(own)
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::contract::CaseCheckName;
    use crate::input::Files;
    use crate::judge::Bench;
    use crate::scenario::{Load, StorefrontOptions};
    use crate::sdk::Build;

    const SCRIPT: &str = "let a = 1;\n  lost();\n";

    fn spot_in(build: Build, url: &str, line: usize, column: usize) -> Spot {
        let snippet = Snippet::bundled().unwrap();
        let profile = Profile::load("reference", &Files::default()).unwrap();
        let case = Bench::asking(CaseCheckName::Ready).case;
        let url = url.to_owned();
        let position = Position { url, line, column };
        spot(&Installation { snippet, build }, &profile, &case, &position)
    }

    fn built() -> Build {
        Build::of("dist/gleenWidget.js", SCRIPT.into())
    }

    /// A build of these files, as `run --sdk` takes it.
    fn taken(files: &[(&str, &str)], named: &str) -> (tempfile::TempDir, Build) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let path = folder.path().join(named);
        let build = Build::take(path.to_str(), "gleenWidget.js", &Files::default()).unwrap();
        (folder, build)
    }

    const URL: &str = "http://c17.api.localhost:40001/sdk/gleenWidget.js";

    /// Line 1 of it is line 2 of `src/queue.ts`.
    const MAP: &str = r#"{"version": 3, "sources": ["../src/queue.ts"],
        "sourcesContent": ["// queue\nlost();\n"], "mappings": "AACA"}"#;

    #[test]
    fn position_in_the_build_is_shown_in_the_users_file() {
        let spot = spot_in(built(), URL, 2, 3);
        assert_eq!(spot.location(), "dist/gleenWidget.js:2:3");
        assert_eq!(
            (spot.excerpt[1].text.as_str(), spot.caret),
            ("  lost();", 2)
        );
    }

    #[rstest]
    #[case::of_a_file("dist/gleenWidget.js", "src/queue.ts")]
    #[case::of_a_folder("dist", "src/queue.ts")]
    fn position_is_followed_through_a_map_beside_the_build(
        #[case] named: &str,
        #[case] expected: &str,
    ) {
        let script = "lost();\n//# sourceMappingURL=gleenWidget.js.map";
        let files = [
            ("dist/gleenWidget.js", script),
            ("dist/gleenWidget.js.map", MAP),
        ];
        let (folder, build) = taken(&files, named);
        let spot = spot_in(build, URL, 1, 1);
        let expected = folder.path().join(expected);
        assert_eq!(spot.file, expected.to_str().unwrap());
        assert_eq!((spot.line, spot.column), (2, 1));
        assert_eq!(spot.excerpt[1].text, "lost();");
    }

    #[test]
    fn position_in_another_file_of_the_build_names_that() {
        let files = [("gleenWidget.js", SCRIPT), ("part.js", "lost();")];
        let (folder, build) = taken(&files, "");
        let url = URL.replace("gleenWidget.js", "part.js");
        let expected = folder.path().join("part.js:1:1");
        assert_eq!(
            spot_in(build, &url, 1, 1).location(),
            expected.to_str().unwrap()
        );
    }

    #[test]
    fn position_on_a_page_names_the_page_or_the_snippet() {
        let snippet = Snippet::bundled().unwrap();
        let profile = Arc::new(Profile::load("reference", &Files::default()).unwrap());
        let variant = Variant {
            options: &StorefrontOptions::default(),
            load: Load::default(),
            condition: None,
            company: None,
            snippet: &snippet,
        };
        let pages = Pages::new(profile).unwrap();
        let page = pages.build("product.html", variant, "").unwrap().html;
        let start = page.find(&*snippet.html).unwrap();
        let line = page[..start].matches('\n').count() + 1;
        let url = "http://c17.shop.localhost:40001/product";
        let spot = spot_in(built(), url, line + 1, 5);
        assert_eq!((spot.file.as_str(), spot.line), ("the snippet", 2));
        let spot = spot_in(built(), url, line - 1, 1);
        assert_eq!(spot.file, "the shop's page /product");
        assert!(!spot.excerpt.is_empty());
    }

    #[test]
    fn position_elsewhere_keeps_its_url() {
        let url = "https://cdn.example.com/sdk/gleenWidget.js";
        let spot = spot_in(built(), url, 1, 2);
        assert_eq!(spot.location(), format!("{url}:1:2"));
        assert_eq!(spot.excerpt, []);
    }

    #[test]
    fn name_of_a_bundler_is_a_path() {
        let name = |source| source_name("dist/w.js", source);
        assert_eq!(name("webpack://widget/./src/queue.ts"), "src/queue.ts");
        assert_eq!(name("webpack:///src/queue.ts"), "src/queue.ts");
        assert_eq!(name("../src/queue.ts"), "src/queue.ts");
    }
}
