//! Puts the shop's own files into its pages: each would cost the browser a request and a connection
//! of its own, on every page of every case.

use super::page::{PageError, text};

/// A way to load a file of the shop's, and the element that holds the file itself.
struct Loaded {
    before: &'static str,
    after: &'static str,
    element: [&'static str; 2],
}

const WAYS: [Loaded; 2] = [
    Loaded {
        before: "<link rel=\"stylesheet\" href=\"/",
        after: "\">",
        element: ["<style>", "</style>"],
    },
    Loaded {
        before: "<script src=\"/",
        after: "\"></script>",
        element: ["<script>", "</script>"],
    },
];

/// The page with the files of `pages/` that it loads in their places.
///
/// # Errors
/// If one of them is missing.
pub fn inlined(html: &str) -> Result<String, PageError> {
    let mut page = html.to_owned();
    for way in &WAYS {
        let mut parts = page.split(way.before);
        let mut whole = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            match part.split_once(way.after) {
                Some((file, rest)) if !file.contains('/') => {
                    let [open, close] = way.element;
                    whole.extend([open, &text(file)?, close, rest]);
                }
                // What is installed lies elsewhere, or has attributes of its own.
                Some(_) | None => whole.extend([way.before, part]),
            }
        }
        page = whole;
    }
    Ok(page)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_shop_stand_in_their_places() {
        let page = inlined("<p>1</p><script src=\"/actions.js\"></script><p>2</p>").unwrap();
        let actions = text("actions.js").unwrap();
        assert_eq!(page, format!("<p>1</p><script>{actions}</script><p>2</p>"));
    }

    #[test]
    fn what_is_installed_stays_a_file() {
        let page = "<script src=\"/install/x.js\"></script><script src=\"/a.js\" async></script>";
        assert_eq!(inlined(page).unwrap(), page);
    }

    #[test]
    fn missing_file_is_named() {
        let missing = inlined("<link rel=\"stylesheet\" href=\"/nothing.css\">");
        assert_eq!(
            missing.unwrap_err().to_string(),
            "pages/nothing.css is missing"
        );
    }

    #[test]
    fn no_file_of_the_shop_ends_its_own_element() {
        for file in [
            "actions.js",
            "shop.js",
            "views.js",
            "many-pages.js",
            "single-page.js",
        ] {
            assert!(!text(file).unwrap().contains("</script"), "{file}");
        }
    }
}
