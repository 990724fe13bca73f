//! The axes: by what a scenario is multiplied into cases.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::condition::Condition;
use crate::contract::Interaction;

/// What each axis is: its name and its values. The default is the documented one.
pub trait Axis: Copy + Default + 'static {
    /// The key in `[axes]`, and the word before `=` in ids.
    const NAME: &'static str;

    /// All of its values.
    const VALUES: &'static [Self];

    /// The value as scenarios and ids write it.
    fn name(self) -> &'static str;
}

/// How a shop loads the SDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Load {
    /// `<script src>`: the documented install.
    #[default]
    Blocking,
    /// `<script async src>`.
    Async,
    /// `<script defer src>`.
    Defer,
    /// Appended by a script once the page has loaded.
    Injected,
    /// As `injected`, and appended again when loading failed.
    InjectedRetry,
}

impl Axis for Load {
    const NAME: &'static str = "load";
    const VALUES: &'static [Self] = &[
        Self::Blocking,
        Self::Async,
        Self::Defer,
        Self::Injected,
        Self::InjectedRetry,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Blocking => "blocking",
            Self::Async => "async",
            Self::Defer => "defer",
            Self::Injected => "injected",
            Self::InjectedRetry => "injected-retry",
        }
    }
}

impl Axis for Interaction {
    const NAME: &'static str = "interaction";
    const VALUES: &'static [Self] = &Self::VALUES;

    fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Faq => "faq",
        }
    }
}

/// How an event is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallStyle {
    /// `trackAlhenaEvent(method, data)`: the documented way.
    #[default]
    Queue,
    /// The same function, by a reference saved before the SDK was ready.
    SavedReference,
    /// `_alhenaEventQueue.push({ method, args })`.
    Push,
    /// The older methods, on an object of the SDK's own.
    Direct,
}

impl Axis for CallStyle {
    const NAME: &'static str = "call";
    const VALUES: &'static [Self] = &[Self::Queue, Self::SavedReference, Self::Push, Self::Direct];

    fn name(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::SavedReference => "saved-reference",
            Self::Push => "push",
            Self::Direct => "direct",
        }
    }
}

/// The values by which a scenario is multiplied. An axis without values is not used: each case has
/// its default, and ids do not name it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Axes {
    /// How the SDK is loaded.
    pub load: Vec<Load>,
    /// How a visitor interacts where a step leaves it open.
    pub interaction: Vec<Interaction>,
    /// How events are called where a step leaves it open.
    pub call: Vec<CallStyle>,
    /// The conditions that its pages are under: ids; `keeping` and `forgetting` are all of a kind.
    pub condition: Vec<Spanned<String>>,
}

/// One value of each axis.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AxisValues {
    /// How the SDK is loaded.
    pub load: Load,
    /// How a visitor interacts where a step leaves it open.
    pub interaction: Interaction,
    /// How events are called where a step leaves it open.
    pub call: CallStyle,
    /// The condition that the pages are under; `None` where nothing is asked about that.
    pub condition: Option<Arc<Condition>>,
}

impl AxisValues {
    /// How many of them are other than the documented default.
    pub fn unusual(&self) -> usize {
        let Self {
            load,
            interaction,
            call,
            condition,
        } = self;
        [
            *load != Load::default(),
            *interaction != Interaction::default(),
            *call != CallStyle::default(),
            condition.as_ref().is_some_and(|own| !own.is_ordinary()),
        ]
        .into_iter()
        .filter(|is_other| *is_other)
        .count()
    }
}

/// One way to combine the values of the axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Combination {
    /// A value of every axis, used or not.
    pub values: AxisValues,
    /// The values of the axes that are used, for ids: `load=async,interaction=faq`.
    pub label: String,
}

impl Axes {
    /// Every combination, the last axis varying the fastest; one with an empty label where no axis
    /// is used. Axes without values have those of `default`; `conditions` are those that
    /// `condition` names.
    pub fn combinations(
        &self,
        default: AxisValues,
        conditions: &[Arc<Condition>],
    ) -> Vec<Combination> {
        let Self {
            load,
            interaction,
            call,
            condition: _,
        } = self;
        let all = vec![Combination {
            values: default,
            label: String::new(),
        }];
        let all = multiply(all, load, |values, load| values.load = load);
        let all = multiply(all, interaction, |values, own| values.interaction = own);
        let all = multiply(all, call, |values, call| values.call = call);
        let name = |own: &Arc<Condition>| format!("condition={}", own.id);
        multiply_by(all, conditions, name, |values, own| {
            values.condition = Some(own);
        })
    }
}

fn multiply<A: Axis>(
    all: Vec<Combination>,
    values: &[A],
    set: fn(&mut AxisValues, A),
) -> Vec<Combination> {
    let name = |value: &A| format!("{}={}", A::NAME, value.name());
    multiply_by(all, values, name, set)
}

fn multiply_by<V: Clone>(
    all: Vec<Combination>,
    values: &[V],
    name: fn(&V) -> String,
    set: fn(&mut AxisValues, V),
) -> Vec<Combination> {
    if values.is_empty() {
        return all;
    }
    let with = |before: &Combination, value: &V| {
        let own = name(value);
        let mut values = before.values.clone();
        set(&mut values, value.clone());
        let label = match before.label.as_str() {
            "" => own,
            label => format!("{label},{own}"),
        };
        Combination { values, label }
    };
    all.iter()
        .flat_map(|before| values.iter().map(move |value| with(before, value)))
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use serde::de::DeserializeOwned;

    use super::*;

    #[test]
    fn no_axis_is_one_combination_of_the_defaults() {
        let default = AxisValues {
            load: Load::Defer,
            ..AxisValues::default()
        };
        let all = Axes::default().combinations(default.clone(), &[]);
        assert_eq!(
            all,
            [Combination {
                values: default,
                label: String::new()
            }]
        );
    }

    #[test]
    fn used_axes_multiply_and_name_each_combination() {
        let axes = Axes {
            load: vec![Load::Async, Load::InjectedRetry],
            call: vec![CallStyle::Queue, CallStyle::Direct],
            ..Axes::default()
        };
        let all = axes.combinations(AxisValues::default(), &[]);
        let labels: Vec<&str> = all.iter().map(|one| one.label.as_str()).collect();
        assert_eq!(
            labels,
            [
                "load=async,call=queue",
                "load=async,call=direct",
                "load=injected-retry,call=queue",
                "load=injected-retry,call=direct",
            ]
        );
        let last = AxisValues {
            load: Load::InjectedRetry,
            interaction: Interaction::Chat,
            call: CallStyle::Direct,
            condition: None,
        };
        assert_eq!(all[3].values, last);
    }

    /// The names are those that are read, and no value is missing: an unknown one is refused with a
    /// list of all.
    fn is_whole<A: Axis + DeserializeOwned + PartialEq + std::fmt::Debug>() {
        for value in A::VALUES {
            let read: A = serde_json::from_value(value.name().into()).unwrap();
            assert_eq!(read, *value);
        }
        let unknown = serde_json::from_value::<A>("?".into())
            .unwrap_err()
            .to_string();
        let names = unknown.matches('`').count() / 2 - 1;
        assert_eq!(names, A::VALUES.len(), "{unknown}");
    }

    #[test]
    fn every_axis_value_reads_back_from_its_name() {
        is_whole::<Load>();
        is_whole::<Interaction>();
        is_whole::<CallStyle>();
    }
}
