//! What the text of a build shows before it runs.

use std::collections::BTreeSet;
use std::path::Path;

use crate::input::InputError;

/// The scripts of a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// The files that a page loads, in this order.
    pub scripts: Vec<String>,
    /// They are modules.
    pub is_module: bool,
    /// All that is written in them, and in the scripts that they load themselves.
    pub text: String,
}

impl Sources {
    /// Of a file, or of a folder.
    ///
    /// # Errors
    /// If it cannot be read, or holds no script.
    pub fn read(path: &Path) -> Result<Self, InputError> {
        let wrong =
            |error: std::io::Error| InputError::new(path.display().to_string(), error.to_string());
        let mut files = if path.is_dir() {
            let entries = std::fs::read_dir(path).map_err(wrong)?;
            let paths = entries.flatten().map(|entry| entry.path());
            let is_script = |path: &std::path::PathBuf| {
                path.extension()
                    .is_some_and(|end| end == "js" || end == "mjs")
            };
            paths.filter(is_script).collect()
        } else {
            vec![path.to_owned()]
        };
        files.sort();
        let mut all = Vec::new();
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let bytes = std::fs::read(&file).map_err(wrong)?;
            all.push((
                name.into_owned(),
                String::from_utf8_lossy(&bytes).into_owned(),
            ));
        }
        if all.is_empty() {
            let help = "name the file that a page loads, or the folder that holds it";
            let name = path.display().to_string();
            return Err(InputError::new(name, "there is no script in this folder").help(help));
        }
        Ok(Self::of(&all))
    }

    /// Of scripts, by their names: one that another names is loaded by that one.
    pub fn of(files: &[(String, String)]) -> Self {
        let is_loaded_by_another = |name: &str| {
            let mut others = files.iter().filter(|(other, _)| other != name);
            others.any(|(_, text)| text.contains(name))
        };
        let names = files.iter().map(|(name, _)| name.clone());
        let scripts: Vec<String> = names.filter(|name| !is_loaded_by_another(name)).collect();
        let texts: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
        let text = texts.join("\n");
        let mut lines = text.lines().map(str::trim_start);
        let is_module = lines.any(|line| {
            let words = ["export ", "export{", "import{", "import \"", "import '"];
            words.iter().any(|word| line.starts_with(word))
        });
        Self {
            scripts,
            is_module,
            text,
        }
    }

    /// The names that follow a dot: every property that the build may ask for.
    pub fn properties(&self) -> BTreeSet<String> {
        names_after(&self.text, ".")
    }

    /// The names of the document's properties that it uses.
    pub fn of_document(&self) -> BTreeSet<String> {
        names_after(&self.text, "document.")
    }

    /// Whether it sets a property of this name to this literal, and to another one.
    pub fn changes_to(&self, property: &str, literal: &str) -> bool {
        let mut values = BTreeSet::new();
        for (at, _) in self.text.match_indices(property) {
            let rest = self.text[at + property.len()..].trim_start();
            let Some(rest) = rest.strip_prefix([':', '=']) else {
                continue;
            };
            values.extend(literal_of(rest.trim_start()));
        }
        values.contains(literal) && values.len() > 1
    }
}

/// The literal that a text begins with: a text, or a truth value, as JSON.
fn literal_of(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|first| "\"'`".contains(*first));
    if let Some(quote) = quote {
        let (inside, _) = text[1..].split_once(quote)?;
        return Some(format!("\"{inside}\""));
    }
    let truths = [
        ("true", "true"),
        ("!0", "true"),
        ("false", "false"),
        ("!1", "false"),
    ];
    let truth = truths.iter().find(|(word, _)| text.starts_with(word));
    truth.map(|(_, value)| (*value).to_owned())
}

fn names_after(text: &str, before: &str) -> BTreeSet<String> {
    let is_of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let names = text.match_indices(before).map(|(at, _)| {
        let rest = &text[at + before.len()..];
        let end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
        rest[..end].to_owned()
    });
    let is_name = |name: &String| {
        let first = name.chars().next();
        first.is_some_and(|first| !first.is_numeric()) && name.len() <= 40
    };
    names.filter(is_name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(files: &[(&str, &str)]) -> Sources {
        let files = files.iter();
        let files = files.map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Sources::of(&files.collect::<Vec<_>>())
    }

    #[test]
    fn script_that_another_names_is_not_loaded_by_the_page() {
        let found = sources(&[
            ("a.js", "go()"),
            ("frame.js", "listen()"),
            ("widget.js", "new URL(\"frame.js\", own)"),
        ]);
        assert_eq!(found.scripts, ["a.js", "widget.js"]);
        assert!(!found.is_module);
        assert!(sources(&[("a.js", "export const a = 1;")]).is_module);
    }

    #[test]
    fn properties_are_the_names_after_a_dot() {
        let found = sources(&[("a.js", "document.shop.key; a.b1 = 1.5; x..y")]);
        let names: Vec<String> = found.properties().into_iter().collect();
        assert_eq!(names, ["b1", "key", "shop", "y"]);
        assert_eq!(
            found.of_document().into_iter().collect::<Vec<_>>(),
            ["shop"]
        );
    }

    #[test]
    fn changed_state_has_two_literals() {
        let found = sources(&[(
            "a.js",
            "x={phase:'loading',v:'1.0'};x.phase=\"open\";x.up=!0;up:!1",
        )]);
        assert!(found.changes_to("phase", "\"open\""));
        assert!(found.changes_to("up", "true"));
        assert!(!found.changes_to("v", "\"1.0\""));
        assert!(!found.changes_to("phase", "\"closed\""));
    }
}
