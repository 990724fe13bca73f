//! The Markdown pages are true: links lead somewhere, and commands can be typed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use alhena_conformance::api::{Files, Patterns, Suite};
use alhena_conformance::cli::usage_error;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// The widest line that fits beside a terminal.
const COLUMNS: usize = 100;

const PROGRAM: &str = "alhena-conformance";

/// One page, as far as these tests ask.
#[derive(Debug, Default)]
struct Page {
    /// Below the project's folder.
    path: PathBuf,
    text: String,
    links: Vec<String>,
    /// The fragment of each heading, as GitHub makes it.
    headings: BTreeSet<String>,
    /// Each command line of the program, without its name.
    commands: Vec<Vec<String>>,
}

impl Page {
    fn read(path: &Path) -> Self {
        let mut page = Self {
            path: path
                .strip_prefix(root())
                .expect("below the root")
                .to_owned(),
            text: read(path),
            ..Self::default()
        };
        let (mut heading, mut shell) = (None, false);
        for event in Parser::new_ext(&page.text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. }) => page.links.push(dest_url.into_string()),
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    page.headings.extend(heading.take().map(|text| slug(&text)));
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                    shell = &*language == "sh";
                }
                Event::End(TagEnd::CodeBlock) => shell = false,
                Event::Text(text) if shell => {
                    page.commands.extend(text.lines().filter_map(command));
                }
                Event::Text(text) | Event::Code(text) if heading.is_some() => {
                    heading.get_or_insert_default().push_str(&text);
                }
                Event::Code(text) => page.commands.extend(command(&text)),
                _ => {}
            }
        }
        page
    }

    fn folder(&self) -> PathBuf {
        root()
            .join(&self.path)
            .parent()
            .expect("a file's folder")
            .to_owned()
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn slug(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || [' ', '-', '_'].contains(letter))
        .map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
}

/// The arguments in a line that calls the program, by its name, through cargo, or by a command
/// alone.
fn command(line: &str) -> Option<Vec<String>> {
    let words = words(line);
    let words: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .skip_while(|word| word.starts_with("CI="))
        .collect();
    let arguments = match words.as_slice() {
        [PROGRAM, arguments @ ..] if !arguments.is_empty() => arguments,
        ["cargo", "run", rest @ ..] => rest.split(|word| *word == "--").nth(1)?,
        [name, _, ..] if usage_error([PROGRAM, name, "--help"]).is_none() => &words,
        _ => return None,
    };
    (!arguments.is_empty()).then(|| arguments.iter().map(|word| (*word).to_owned()).collect())
}

/// The words of a shell's line, without its comment.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for letter in line.chars() {
        match letter {
            '\'' => quoted = !quoted,
            '#' if !quoted && word.is_empty() => break,
            ' ' if !quoted => {
                words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
            }
            letter => word.push(letter),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// Every file below `folder` that ends in `.extension`.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn pages() -> Vec<Page> {
    files("", "md")
        .iter()
        .map(|path| Page::read(path))
        .collect()
}

fn readme() -> Page {
    Page::read(&root().join("README.md"))
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    for page in pages() {
        for link in page.links.iter().filter(|link| !link.contains("://")) {
            let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() {
                root().join(&page.path)
            } else {
                page.folder().join(path)
            };
            assert!(
                target.exists(),
                "{}: {link}: no such file",
                page.path.display()
            );
            assert!(
                fragment.is_empty()
                    || Page::read(&root().join(&target))
                        .headings
                        .contains(fragment),
                "{}: {link}: no such heading",
                page.path.display()
            );
        }
    }
}

#[test]
fn the_readme_links_every_page_and_every_room() {
    let linked: BTreeSet<PathBuf> = readme()
        .links
        .iter()
        .map(|link| PathBuf::from(link.split('#').next().unwrap_or_default()))
        .collect();
    let rooms = fs::read_dir(root().join("harness"))
        .expect("the rooms")
        .map(|entry| entry.expect("an entry").path().join("mod.rs"))
        .filter(|path| path.is_file());
    for path in files("", "md").into_iter().chain(rooms) {
        let path = path.strip_prefix(root()).expect("below the root");
        assert!(
            linked.contains(path) || path == Path::new("README.md"),
            "README.md does not link {}",
            path.display()
        );
    }
}

#[test]
fn every_page_named_by_the_program_exists() {
    for file in files("harness", "rs")
        .into_iter()
        .chain(files("fixtures", "toml"))
    {
        let text = read(&file);
        let is_of_a_path = |letter: char| letter.is_alphanumeric() || "/._-".contains(letter);
        for (end, _) in text.match_indices("/README.md") {
            let folder = text[..end].rsplit(|letter| !is_of_a_path(letter)).next();
            let page = format!("{}/README.md", folder.unwrap_or_default());
            assert!(root().join(&page).is_file(), "{}: {page}", file.display());
        }
    }
}

#[test]
fn every_command_line_can_be_parsed() {
    for page in pages() {
        for command in &page.commands {
            let line = [PROGRAM]
                .into_iter()
                .chain(command.iter().map(String::as_str));
            if let Some(error) = usage_error(line) {
                panic!("{}: {}\n{error}", page.path.display(), command.join(" "));
            }
        }
    }
    assert!(readme().commands.len() > 9, "the commands are found at all");
}

#[test]
fn every_filter_of_a_run_matches_a_check() {
    let suite = Suite::load(&Files::default()).expect("the fixtures can be read");
    for page in pages() {
        for command in page.commands.iter().filter(|command| command[0] == "run") {
            for pair in command.windows(2).filter(|pair| pair[0] == "--filter") {
                let plan = suite.plan(&mut Patterns::new(&pair[1..]));
                let selected = plan.iter().any(|case| !case.scenario.prerequisite);
                assert!(
                    selected || pair[1] == "PATTERN",
                    "{}: {} matches nothing",
                    page.path.display(),
                    pair[1]
                );
            }
        }
    }
}

#[test]
fn no_line_of_a_page_is_too_long() {
    for page in pages() {
        for (index, line) in page.text.lines().enumerate() {
            let columns = line.chars().count();
            let at = format!("{}:{}", page.path.display(), index + 1);
            assert!(columns <= COLUMNS, "{at}: {columns} columns");
        }
    }
}
