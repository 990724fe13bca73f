//! Notes which code of the build runs during an attempt.

use url::Url;

use super::attempting::Attempting;
use crate::browser::BrowserError;

impl Attempting<'_> {
    /// Notes what ran since the last time, where somebody asks for it: once a page was left, as it
    /// is counted to its end, and a command before would give it time; and in a window that becomes
    /// the current one, which is counted from then on.
    pub(super) async fn note_code(&mut self) -> Result<(), BrowserError> {
        let Some(code) = &mut self.code else {
            return Ok(());
        };
        let folder = &self.stage.profile.install.path;
        for script in self.page.session.take_code().await? {
            let url = Url::parse(&script.url).ok();
            let path = url.as_ref().map(Url::path).unwrap_or_default();
            if let Some(name) = path.strip_prefix(folder.as_str()) {
                code.note(name, script.code);
            }
        }
        Ok(())
    }
}
