//! Which requirements one failing check shows to be broken.

use std::collections::BTreeSet;

use crate::contract::{Breaks, FieldTables, Method, Register, Requirement, RequirementId};
use crate::judge::Defect;
use crate::plan::CaseCheck;

/// The requirements that a check shows to be broken where it finds `defect` in events of
/// `methods` (empty: no event is concerned): those that it proves and that are about such an event;
/// for a changed field the one of that field.
pub fn shown_by(
    check: &CaseCheck,
    defect: &Defect,
    methods: &BTreeSet<Method>,
    tables: &FieldTables,
    register: &Register,
) -> Vec<RequirementId> {
    let own_field = defect
        .field_change()
        .and_then(|change| match check.question.facts().breaks {
            Breaks::ThoseOfTheFields => tables.requirement_of(change.method, &change.field),
            Breaks::ItsOwn => None,
        });
    if let Some(own) = own_field {
        return vec![own.clone()];
    }
    let is_about = |own: &Requirement| {
        methods.is_empty() || methods.iter().any(|method| own.is_about(*method))
    };
    let about = check
        .requirements
        .iter()
        .filter(|id| register.get(id).is_none_or(is_about));
    let about: Vec<RequirementId> = about.cloned().collect();
    if about.is_empty() {
        check.requirements.clone()
    } else {
        about
    }
}
