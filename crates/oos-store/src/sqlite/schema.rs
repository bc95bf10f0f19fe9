//! Tables of kinds.
//!
//! Names of kinds and fields need no quoting (see [`Kind`]); a letter in front keeps them apart
//! from what has a meaning of its own: `r_` records, `l_` logs, `t_` tags, `f_` fields, `i_`
//! indexes.

use crate::{FieldType, Kind, Shape};

/// The tables that are there whatever the kinds are.
pub(super) fn base() -> String {
    "CREATE TABLE kinds (name TEXT NOT NULL PRIMARY KEY, shape TEXT NOT NULL, fields TEXT NOT NULL,
        indexes TEXT NOT NULL) STRICT, WITHOUT ROWID;
     CREATE TABLE blobs (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, uses INTEGER NOT NULL)
        STRICT;
     CREATE TABLE blob_bodies (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
     CREATE TABLE settled (id INTEGER PRIMARY KEY, times INTEGER NOT NULL) STRICT;
     INSERT INTO settled VALUES (1, 0);"
        .to_owned()
}

/// The tables and indexes of a kind.
pub(super) fn create(kind: &Kind) -> String {
    let mut sql = create_table(kind);
    for index in create_indexes(kind) {
        sql.push_str(&index);
    }
    sql
}

/// The tables of a kind. The key of records is where they lie: an update finds its row in one go.
pub(super) fn create_table(kind: &Kind) -> String {
    let name = kind.name;
    match kind.shape {
        Shape::Records => {
            let fields = kind.fields.iter();
            let fields = fields.map(|field| format!("{}, ", column(field.name, field.field_type)));
            let fields = fields.collect::<String>();
            format!(
                "CREATE TABLE r_{name} (key TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL,
                    checksum INTEGER NOT NULL, blob INTEGER, tags BLOB, {fields}body BLOB NOT NULL)
                    STRICT, WITHOUT ROWID;
                 CREATE TABLE t_{name} (name TEXT NOT NULL, value TEXT NOT NULL, key TEXT NOT NULL,
                    PRIMARY KEY (name, value, key)) STRICT, WITHOUT ROWID;"
            )
        }
        Shape::Log => format!(
            "CREATE TABLE l_{name} (number INTEGER PRIMARY KEY, stream TEXT NOT NULL,
                checksum INTEGER NOT NULL, blob INTEGER, body BLOB NOT NULL) STRICT;"
        ),
    }
}

pub(super) fn column(field: &str, field_type: FieldType) -> String {
    let sql_type = match field_type {
        FieldType::Text => "TEXT",
        FieldType::Int => "INTEGER",
    };
    format!("f_{field} {sql_type}")
}

/// The table of a kind's records or entries.
pub(super) fn table(kind: &Kind) -> String {
    match kind.shape {
        Shape::Records => format!("r_{}", kind.name),
        Shape::Log => format!("l_{}", kind.name),
    }
}

/// The indexes of a kind; records of equal values are ordered by their keys.
pub(super) fn create_indexes(kind: &Kind) -> Vec<String> {
    let name = kind.name;
    if kind.shape == Shape::Log {
        return vec![format!("CREATE INDEX i_{name}_0 ON l_{name} (stream);")];
    }
    let create = |(number, index): (usize, &&[&str])| {
        let fields = index.iter().map(|field| format!("f_{field}, "));
        let fields = fields.collect::<String>();
        format!("CREATE INDEX i_{name}_{number} ON r_{name} ({fields}key);")
    };
    kind.indexes.iter().enumerate().map(create).collect()
}
