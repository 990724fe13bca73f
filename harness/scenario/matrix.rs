use crate::contract::{Event, Field, FieldTables, Flaw, Level, Method, Register, RequirementId};

/// The validation matrix of one method: every field × every way to get it wrong.
///
/// All rows are called on one page; each is judged by its own checks.
#[derive(Debug, Clone)]
pub struct Matrix {
    /// The method whose tables made it.
    pub method: Method,
    /// The rows, in the order of the tables.
    pub rows: Vec<Row>,
    /// What a message that names the field proves.
    pub console: RequirementId,
    /// What a call that throws nothing proves.
    pub throws_nothing: RequirementId,
}

/// One flawed call.
#[derive(Debug, Clone)]
pub struct Row {
    /// For example `value-null`, or `lineItems.productId-missing`.
    pub id: String,
    /// The field as the page's tables name it.
    pub field: String,
    /// Where it lies: the field, or `lineItems.` and the field of an item.
    pub location: String,
    /// The name of the flaw, for example `null`.
    pub flaw: String,
    /// The statement that spoils a valid `data` object, in JavaScript.
    pub spoil: String,
    /// What is asked of it.
    pub judgement: RowJudgement,
}

/// Whether the API page decides what must happen to a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowJudgement {
    /// It must be refused; that proves this requirement.
    Refused(RequirementId),
    /// The page is silent: seen and compared.
    Open(RequirementId),
}

impl Matrix {
    /// Makes the matrix of `method`.
    pub fn new(method: Method, tables: &FieldTables, register: &Register) -> Self {
        let event = tables.of(method);
        let rows_of =
            |field, path: &str, label: &str| rows_of(field, path, label, tables, register);
        let own = event.field.iter();
        let own = own.flat_map(|field| rows_of(field, "data", ""));
        let item = event.item_field.iter();
        let item = item.flat_map(|field| rows_of(field, "data.lineItems[1]", "lineItems."));
        Self {
            method,
            rows: own.chain(item).collect(),
            console: tables.console.clone(),
            throws_nothing: tables.throws_nothing.clone(),
        }
    }

    /// The valid data that row `index` spoils: unlike every other row's in each field, so that a
    /// request shows which row it came from, whatever field it lost.
    pub fn valid_event(&self, index: usize) -> Event {
        let n = index + 1;
        let value = 1000.0
            + f64::from(u32::try_from(n).expect("a matrix has fewer rows than a u32 can count"));
        let args = match self.method {
            Method::SendCartEvent => serde_json::json!({
                "type": "ITEM_ADDED",
                "productId": format!("M-{n}"),
                "productName": format!("Matrix shoe {n}"),
                "value": value,
                "currency": "USD",
                "quantity": n,
            }),
            Method::SendCheckoutEvent => serde_json::json!({
                "orderId": format!("M-{n}"), "value": value, "currency": "USD",
                "lineItems": [
                    {
                        "productId": format!("MA-{n}"),
                        "productName": format!("Matrix shoe {n}"),
                        "quantity": 1,
                        "value": value - 1.0,
                        "currency": "USD",
                    },
                    {
                        "productId": format!("MB-{n}"),
                        "productName": format!("Matrix sock {n}"),
                        "quantity": n,
                        "value": 1,
                        "currency": "USD",
                    },
                ],
            }),
        };
        Event {
            label: self.rows[index].id.clone(),
            method: self.method,
            args,
        }
    }
}

/// The rows of the field that lies at `path` in the data; their ids begin with `label`.
fn rows_of(
    field: &Field,
    path: &str,
    label: &str,
    tables: &FieldTables,
    register: &Register,
) -> Vec<Row> {
    let path = format!("{path}.{}", field.name);
    let row = |name: &str, spoil: String, judgement| Row {
        id: format!("{label}{}-{name}", field.name),
        field: field.name.clone(),
        location: format!("{label}{}", field.name),
        flaw: name.to_owned(),
        spoil,
        judgement,
    };
    let flaws = tables
        .flaw
        .iter()
        .filter(|flaw| flaw.of.contains(&field.json));
    let flawed = flaws.filter_map(|flaw| {
        let judgement = judgement(field, flaw, register)?;
        Some(row(&flaw.name, spoil(&path, flaw), judgement))
    });
    let outside = field.outside.as_ref().map(|outside| {
        let spoil = format!("{path} = {};", serde_json::Value::from(outside.as_str()));
        row(
            "outside",
            spoil,
            RowJudgement::Refused(tables.outside.clone()),
        )
    });
    flawed.chain(outside).collect()
}

fn spoil(path: &str, flaw: &Flaw) -> String {
    match &flaw.js {
        Some(expression) => format!("{path} = {expression};"),
        None => format!("delete {path};"),
    }
}

fn judgement(field: &Field, flaw: &Flaw, register: &Register) -> Option<RowJudgement> {
    let required = field.required.then_some(&flaw.required);
    let requirement = required.or(flaw.optional.as_ref())?.clone();
    let level = register.level_of(std::slice::from_ref(&requirement));
    Some(match level {
        Level::Observe => RowJudgement::Open(requirement),
        Level::Should | Level::Must => RowJudgement::Refused(requirement),
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::input::Files;

    fn matrix(method: Method) -> (Matrix, FieldTables) {
        let register = Register::load(&Files::default()).unwrap();
        let tables = FieldTables::load(&Files::default(), &register).unwrap();
        (Matrix::new(method, &tables, &register), tables)
    }

    #[test]
    fn required_field_has_a_row_for_each_flaw() {
        for method in Method::ALL {
            let (matrix, tables) = matrix(method);
            for field in tables
                .of(method)
                .field
                .iter()
                .filter(|field| field.required)
            {
                for flaw in tables
                    .flaw
                    .iter()
                    .filter(|flaw| flaw.of.contains(&field.json))
                {
                    let id = format!("{}-{}", field.name, flaw.name);
                    assert!(matrix.rows.iter().any(|row| row.id == id), "{method}: {id}");
                }
            }
        }
    }

    #[test]
    fn missing_optional_field_is_no_flaw() {
        let (matrix, _) = matrix(Method::SendCheckoutEvent);
        assert!(
            !matrix
                .rows
                .iter()
                .any(|row| row.id == "orderId-missing" || row.id == "lineItems-missing")
        );
    }

    #[test]
    fn missing_field_is_refused_and_empty_text_observed() {
        let (matrix, _) = matrix(Method::SendCartEvent);
        let judgement = |id: &str| {
            matrix
                .rows
                .iter()
                .find(|row| row.id == id)
                .map(|row| row.judgement.clone())
                .unwrap()
        };
        assert!(matches!(
            judgement("productId-missing"),
            RowJudgement::Refused(_)
        ));
        assert!(matches!(
            judgement("productId-empty"),
            RowJudgement::Open(_)
        ));
    }

    #[test]
    fn no_two_rows_share_an_identifying_value() {
        for method in Method::ALL {
            let (matrix, _) = matrix(method);
            for field in ["productId", "productName", "orderId", "value"] {
                let values: Vec<_> = (0..matrix.rows.len())
                    .filter_map(|index| matrix.valid_event(index).args.get(field).cloned())
                    .collect();
                let distinct: std::collections::BTreeSet<String> =
                    values.iter().map(ToString::to_string).collect();
                assert_eq!(values.len(), distinct.len(), "{method}: {field}");
            }
        }
    }
}
