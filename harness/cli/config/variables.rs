//! `ALHENA_CONFORMANCE_*`.

use super::layers::{Given, Origin};
use super::settings::{Kind, SETTINGS, Setting};
use crate::input::InputError;
use crate::text::near_match;

/// What each of them begins with.
const PREFIX: &str = "ALHENA_CONFORMANCE_";

/// Names the file of the settings, as `--config` does.
pub const CONFIG: &str = "ALHENA_CONFORMANCE_CONFIG";

/// The variable of a setting, without what all begin with.
fn name_of(setting: &Setting) -> String {
    setting.name.replace('-', "_").to_uppercase()
}

/// The settings of this process's environment; or every error in it.
pub fn read() -> Result<Vec<Given>, Vec<InputError>> {
    let all = std::env::vars_os();
    let own = all.filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    let mut own: Vec<(String, String)> = own
        .filter(|(name, _)| name.starts_with(PREFIX) && name != CONFIG)
        .map(|(name, value)| (name, value.to_string_lossy().into_owned()))
        .collect();
    own.sort();
    settings(own)
}

/// The settings of these variables. A CI system sets to nothing what was not given: such a variable
/// counts as absent.
pub fn settings(
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Vec<Given>, Vec<InputError>> {
    let (mut given, mut errors) = (Vec::new(), Vec::new());
    for (name, value) in variables {
        match setting(&name, &value) {
            Ok(setting) if !setting.values.is_empty() => given.push(setting),
            Ok(_) => {}
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        Ok(given)
    } else {
        Err(errors)
    }
}

fn setting(name: &str, value: &str) -> Result<Given, InputError> {
    let own = name.strip_prefix(PREFIX).unwrap_or(name);
    let setting = SETTINGS.iter().find(|setting| name_of(setting) == own);
    let setting = setting.ok_or_else(|| unknown(name, own))?;
    // Several values stand one on each line: a pattern may hold any other separator.
    let values: Vec<String> = if setting.takes_several() {
        value.lines().map(|line| line.trim().to_owned()).collect()
    } else {
        vec![value.trim().to_owned()]
    };
    let values: Vec<String> = values
        .into_iter()
        .filter(|value| !value.is_empty())
        .collect();
    let is_word = |value: &String| ["true", "false"].contains(&value.as_str());
    if setting.kind == Kind::Switch && !values.iter().all(is_word) {
        return Err(InputError::new(
            name,
            "this variable is neither `true` nor `false`",
        ));
    }
    Ok(Given {
        setting,
        values,
        origin: Origin::Variable(name.to_owned()),
        left_out: None,
    })
}

fn unknown(name: &str, own: &str) -> InputError {
    let known: Vec<String> = SETTINGS.iter().map(name_of).collect();
    // What they all begin with would make them all alike.
    let near = near_match(own, known.iter().map(String::as_str).chain(["CONFIG"]));
    let help = format!("unset it, or use {PREFIX} with a flag of `run`; --show-config prints all");
    let help = match near {
        None => help,
        Some(near) => format!("after {PREFIX}: {near}\n   = {help}"),
    };
    InputError::new(name, "no setting has this variable").help(help)
}
