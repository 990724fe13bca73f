use std::collections::{BTreeMap, BTreeSet};

use crate::report::model::{
    Bytes, CaseWire, EventWire, FieldWire, JsonKind, SeenShape, ShapeReport, WireReport,
};

/// Takes together what `cases` saw, so that two reports can be compared over the cases that both
/// have: the events and requests of a report, and nothing else of it.
pub fn total<'w>(
    shapes: &[ShapeReport],
    cases: impl IntoIterator<Item = &'w CaseWire>,
) -> WireReport {
    let mut total = WireReport::default();
    let mut seen: Vec<(&ShapeReport, &SeenShape)> = Vec::new();
    let carrying: BTreeSet<&str> = shapes.iter().map(|shape| shape.request.as_str()).collect();
    for case in cases {
        total.preflights.extend(case.preflights.iter().cloned());
        for repeated in &case.sequence {
            if !carrying.contains(repeated.request.as_str()) {
                count(&mut total.other_requests, &repeated.request, repeated.times);
            }
        }
        for (method, carried) in &case.carried {
            let all = &mut total.events.entry(*method).or_default().carried;
            all.calls += carried.calls;
            all.requests += carried.requests;
        }
        let events = case.events.iter();
        seen.extend(events.filter_map(|event| Some((shapes.get(event.shape)?, event))));
    }
    for (shape, _) in &seen {
        total.events.entry(shape.event).or_default();
    }
    for (method, event) in &mut total.events {
        let own = seen.iter().filter(|(shape, _)| shape.event == *method);
        take_in(event, own);
    }
    total
}

/// Takes in all that was seen of one kind of event.
fn take_in<'s>(
    event: &mut EventWire,
    seen: impl Iterator<Item = &'s (&'s ShapeReport, &'s SeenShape)>,
) {
    let (mut shapes, mut sizes) = (BTreeSet::new(), BTreeMap::new());
    for (shape, seen) in seen {
        let times = seen.bytes.values().sum();
        let media_type = shape.content_type.as_deref().unwrap_or("none");
        event.events += times;
        count(&mut event.requests, &shape.request, times);
        count(&mut event.content_types, media_type, times);
        shapes.insert(*shape);
        for (size, times) in &seen.bytes {
            *sizes.entry(*size).or_default() += times;
        }
    }
    event.fields = fields(&shapes);
    event.bytes = bytes(&sizes);
}

fn count(counts: &mut BTreeMap<String, usize>, name: &str, times: usize) {
    *counts.entry(name.to_owned()).or_default() += times;
}

fn fields(shapes: &BTreeSet<&ShapeReport>) -> BTreeMap<String, FieldWire> {
    let mut fields: BTreeMap<String, FieldWire> = BTreeMap::new();
    for (pointer, field) in shapes.iter().flat_map(|shape| &shape.fields) {
        let own = fields.entry(pointer.clone()).or_default();
        own.types.extend(&field.types);
    }
    for (pointer, field) in &mut fields {
        field.always = shapes.iter().all(|shape| is_whole(shape, pointer));
    }
    fields
}

/// Whether what lies at `pointer` is missing from no object of this form.
fn is_whole(shape: &ShapeReport, pointer: &str) -> bool {
    let Some((around, name)) = pointer.rsplit_once('/') else {
        return true;
    };
    let around = shape.fields.get(around);
    let has_place = around.is_some_and(|field| field.types.contains(&JsonKind::Object));
    name == "*" || !has_place || shape.fields.get(pointer).is_some_and(|field| field.always)
}

/// Of the sizes, each with how often it was seen.
fn bytes(sizes: &BTreeMap<usize, usize>) -> Option<Bytes> {
    let half = sizes.values().sum::<usize>().div_ceil(2);
    let mut before = 0;
    let median = sizes.iter().find_map(|(size, times)| {
        before += times;
        (before >= half).then_some(*size)
    })?;
    Some(Bytes {
        min: *sizes.keys().next()?,
        median,
        max: *sizes.keys().next_back()?,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::contract::Method;
    use crate::report::model::Repeated;

    fn shape(fields: &[(&str, JsonKind, bool)]) -> ShapeReport {
        let field = |(name, kind, always): &(&str, JsonKind, bool)| {
            (
                (*name).to_owned(),
                FieldWire {
                    types: BTreeSet::from([*kind]),
                    always: *always,
                },
            )
        };
        ShapeReport {
            event: Method::SendCartEvent,
            request: "POST /cart".into(),
            content_type: None,
            fields: fields.iter().map(field).collect(),
        }
    }

    fn case(shape: usize, bytes: &[(usize, usize)]) -> CaseWire {
        let sequence = vec![
            Repeated {
                request: "POST /cart".into(),
                times: 1,
            },
            Repeated {
                request: "GET /config".into(),
                times: 2,
            },
        ];
        CaseWire {
            sequence,
            events: vec![SeenShape {
                shape,
                bytes: bytes.iter().copied().collect(),
            }],
            ..CaseWire::default()
        }
    }

    #[test]
    fn a_field_is_always_there_only_if_no_object_around_it_lacks_it() {
        let (object, number) = (JsonKind::Object, JsonKind::Number);
        let shapes = [
            shape(&[
                ("", object, true),
                ("/a", number, true),
                ("/b", object, true),
                ("/b/c", number, true),
            ]),
            shape(&[("", object, true), ("/a", JsonKind::Null, true)]),
        ];
        let total = total(&shapes, &[case(0, &[(10, 1)]), case(1, &[(20, 2)])]);
        let fields = &total.events[&Method::SendCartEvent].fields;
        assert_eq!(
            fields["/a"],
            FieldWire {
                types: BTreeSet::from([JsonKind::Null, number]),
                always: true
            }
        );
        assert_eq!((fields["/b"].always, fields["/b/c"].always), (false, true));
    }

    #[test]
    fn requests_that_carry_no_event_are_counted_apart_and_sizes_have_a_median() {
        let total = total(
            &[shape(&[])],
            &[case(0, &[(10, 1), (30, 1)]), case(0, &[(20, 1)])],
        );
        assert_eq!(
            total.other_requests,
            BTreeMap::from([("GET /config".to_owned(), 4)])
        );
        assert_eq!(
            total.events[&Method::SendCartEvent].bytes.unwrap(),
            Bytes {
                min: 10,
                median: 20,
                max: 30
            }
        );
    }

    #[test]
    fn a_form_that_is_not_there_is_passed_over() {
        assert_eq!(total(&[], &[case(7, &[(10, 1)])]).events.len(), 0);
    }
}
