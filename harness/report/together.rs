//! Reports that are shown together: those of one run with several snippets or builds, or those of
//! several runs.

use std::path::{Component, Path};

use super::build_matrix::{BuildMatrix, PairingReport, SCHEMA};
use super::stored::{Stored, not_beside, parsed, read, schema_of, wrong};
use crate::input::InputError;

/// Reads what `run` wrote into `folder`: one report, or each pairing's where it was given several
/// snippets or builds.
///
/// # Errors
/// As [`Stored::load`], of any of them; or if there is none.
pub fn load_all(folder: &Path) -> Result<Vec<Stored>, InputError> {
    let file = folder.join("report.json");
    let bytes = read(&file)?;
    if schema_of(&bytes).as_deref() != Some(SCHEMA) {
        return Ok(vec![Stored::load(folder)?]);
    }
    let matrix: BuildMatrix = parsed(&bytes, &file)?;
    if matrix.pairings.is_empty() {
        let found = "it holds no report: no pairing was driven";
        return Err(wrong(&file, found).help("run it again"));
    }
    let own = |pairing: &PairingReport| {
        // The report may come from elsewhere: what it names must lie below it.
        let mut parts = Path::new(&pairing.report).components();
        match (parts.next(), parts.next()) {
            (Some(Component::Normal(name)), None) => Stored::load(&folder.join(name)),
            _ => Err(not_beside(&file, &pairing.report)),
        }
    };
    matrix.pairings.iter().map(own).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::super::sample::sample;
    use super::*;

    fn written() -> tempfile::TempDir {
        let (home, pairings) = (tempfile::tempdir().unwrap(), [sample(), sample()]);
        let own = pairings.iter().map(|own| own.files().unwrap());
        let files = BuildMatrix::new(pairings.iter().map(|stored| ("Chromium", &stored.report)))
            .files(own)
            .unwrap();
        crate::output::ReportFolder::claim(&home.path().join("report"), &[])
            .unwrap()
            .replace(&files)
            .unwrap();
        home
    }

    #[test]
    fn a_run_with_several_builds_is_read_as_several_reports() {
        let all = load_all(&written().path().join("report")).unwrap();
        assert_eq!((all.len(), &all[1].report), (2, &sample().report));
    }

    #[test]
    fn a_run_with_one_build_is_read_as_one() {
        let home = tempfile::tempdir().unwrap();
        crate::output::ReportFolder::claim(&home.path().join("report"), &[])
            .unwrap()
            .replace(&sample().files().unwrap())
            .unwrap();
        assert_eq!(load_all(&home.path().join("report")).unwrap().len(), 1);
    }

    #[test]
    fn a_pairing_outside_of_the_folder_is_refused() {
        let home = written();
        let file = home.path().join("report/report.json");
        let text = std::fs::read_to_string(&file)
            .unwrap()
            .replace("pairing-2", "../elsewhere");
        std::fs::write(&file, text).unwrap();
        let error = load_all(&home.path().join("report"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("`../elsewhere` does not lie beside the report"),
            "{error}"
        );
    }
}
