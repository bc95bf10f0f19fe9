//! What records look like, declared by the caller as data.

/// One kind of record. Kinds are `static`s of the caller. A store finds a kind by its name and
/// refuses one that is declared otherwise than its own.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kind {
    /// Lower-case letters, digits and `_`, a letter first; unique in a store.
    pub name: &'static str,
    /// Whether records are replaced or only appended.
    pub shape: Shape,
    /// The fields that a [`Query`](crate::Query) may name, beside the key.
    pub fields: &'static [Field],
    /// Which fields are looked up together: a hint for stores that keep indexes. The index
    /// `["execution", "due"]` serves equality with an execution, ordered by `due` or bounded in it.
    pub indexes: &'static [&'static [&'static str]],
}

/// Whether the records of a kind are replaced or only appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a store has to treat every shape")]
pub enum Shape {
    /// A key holds at most one record, with a version.
    Records,
    /// A key names a stream of records, numbered by the store in the order of their commits.
    Log,
}

/// A field of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// Lower-case letters, digits and `_`, a letter first; not `key`.
    pub name: &'static str,
    /// What it holds.
    pub field_type: FieldType,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a store has to treat every type")]
pub enum FieldType {
    /// UTF-8 text, ordered by its bytes.
    Text,
    /// A 64-bit signed integer; times are kept as milliseconds since 1970.
    Int,
}

impl Kind {
    /// A kind whose records are replaced.
    ///
    /// # Panics
    /// On a name that is not as [`Kind::name`] and [`Field::name`] say, a field that is declared
    /// twice, or an index that names no or undeclared fields; at compile time for a `static`.
    #[must_use]
    pub const fn records(
        name: &'static str,
        fields: &'static [Field],
        indexes: &'static [&'static [&'static str]],
    ) -> Self {
        check_name(name);
        let mut at = 0;
        while at < fields.len() {
            check_name(fields[at].name);
            assert!(
                !same(fields[at].name, crate::KEY),
                "`key` can not be declared as a field"
            );
            assert!(
                place(fields[at].name, fields) == at,
                "a field is declared twice"
            );
            at += 1;
        }
        let mut at = 0;
        while at < indexes.len() {
            check_index(indexes[at], fields);
            at += 1;
        }
        Self {
            name,
            shape: Shape::Records,
            fields,
            indexes,
        }
    }

    /// A kind whose records are only appended.
    ///
    /// # Panics
    /// On a name that is not as [`Kind::name`] says; at compile time for a `static`.
    #[must_use]
    pub const fn log(name: &'static str) -> Self {
        check_name(name);
        Self {
            name,
            shape: Shape::Log,
            fields: &[],
            indexes: &[],
        }
    }

    /// The place of a field among the declared ones.
    #[must_use]
    pub fn position(&self, field: &str) -> Option<usize> {
        self.fields
            .iter()
            .position(|declared| declared.name == field)
    }
}

impl Field {
    /// A text field.
    #[must_use]
    pub const fn text(name: &'static str) -> Self {
        Self {
            name,
            field_type: FieldType::Text,
        }
    }

    /// An integer field.
    #[must_use]
    pub const fn int(name: &'static str) -> Self {
        Self {
            name,
            field_type: FieldType::Int,
        }
    }
}

/// Names become names of tables and columns, so nothing in them may need quoting.
const fn check_name(name: &str) {
    let bytes = name.as_bytes();
    assert!(
        !bytes.is_empty() && bytes[0].is_ascii_lowercase(),
        "a name starts with a letter"
    );
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        assert!(
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_',
            "a name has lower-case letters, digits and `_` only"
        );
        at += 1;
    }
}

const fn check_index(index: &[&str], fields: &[Field]) {
    assert!(!index.is_empty(), "an index names at least one field");
    let mut at = 0;
    while at < index.len() {
        assert!(
            place(index[at], fields) < fields.len(),
            "an index names a field not declared"
        );
        at += 1;
    }
}

/// The place of the first field of this name; past the end if there is none.
const fn place(name: &str, fields: &[Field]) -> usize {
    let mut at = 0;
    while at < fields.len() && !same(fields[at].name, name) {
        at += 1;
    }
    at
}

/// `==` of texts is not yet const.
const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_digits_and_underscores() {
        const FIELDS: &[Field] = &[Field::text("body_sha256"), Field::int("due")];
        let kind = Kind::records("task_2", FIELDS, &[&["due", "body_sha256"]]);
        assert_eq!(
            (kind.position("due"), kind.position("key")),
            (Some(1), None)
        );
    }

    #[test]
    #[should_panic(expected = "an index names a field not declared")]
    fn refuses_an_index_over_nothing() {
        const FIELDS: &[Field] = &[Field::text("state")];
        let _ = Kind::records("task", FIELDS, &[&["state", "due"]]);
    }

    #[test]
    #[should_panic(expected = "a field is declared twice")]
    fn refuses_a_field_twice() {
        const FIELDS: &[Field] = &[Field::text("state"), Field::int("state")];
        let _ = Kind::records("task", FIELDS, &[]);
    }

    #[test]
    #[should_panic(expected = "a name has lower-case letters, digits and `_` only")]
    fn refuses_names_that_need_quoting() {
        let _ = Kind::log("history\"");
    }
}
