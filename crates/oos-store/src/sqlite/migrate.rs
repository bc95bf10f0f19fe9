//! Brings a file to the kinds that are declared now.

use super::{
    OpenError,
    connection::Database,
    fault::Fault,
    read::{self, Unsealed},
    schema,
};
use crate::{Field, FieldType, Kind, Shape};
use rusqlite::{Connection, OptionalExtension, Rows, Transaction, TransactionBehavior};

/// "OOSS", so that a file is known by its first bytes.
const APPLICATION: i64 = 0x4f4f_5353;
/// The layout of [`schema::base`] and of the tables of kinds. Another one takes the next number and
/// a step in [`migrate`] that leads there.
const LAYOUT: i64 = 1;

pub(super) fn set_layout(connection: &Connection) -> rusqlite::Result<()> {
    let pragmas = format!("PRAGMA application_id={APPLICATION}; PRAGMA user_version={LAYOUT}");
    connection.execute_batch(&pragmas)
}

pub(super) fn is_ours(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(number(connection, "application_id")? == APPLICATION)
}

/// One transaction for all kinds.
pub(super) fn migrate(connection: &mut Connection, database: &Database) -> Result<(), OpenError> {
    let file = &database.file;
    let below = |error| OpenError::of(file, error);
    let found = number(connection, "user_version").map_err(below)?;
    if found > LAYOUT {
        let (file, known) = (file.clone(), LAYOUT);
        return Err(OpenError::Newer { file, found, known });
    }
    if found < LAYOUT {
        return Err(OpenError::damaged(file, "its layout has no number"));
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate);
    let transaction = transaction.map_err(below)?;
    for kind in &database.kinds {
        migrate_kind(&transaction, kind).map_err(|problem| match problem {
            Problem::Below(error) => OpenError::of(file, error),
            Problem::Damage(what) => OpenError::damaged(file, &what),
            Problem::Kind(reason) => {
                let file = file.clone();
                OpenError::Kind { file, reason }
            }
        })?;
    }
    transaction.commit().map_err(below)
}

enum Problem {
    Below(rusqlite::Error),
    Damage(String),
    Kind(String),
}

/// A kind as the file knows it.
#[derive(PartialEq, Eq)]
struct Known {
    shape: String,
    /// `name:type` with commas between.
    fields: String,
    /// Names of fields with `+` between, and commas between the indexes.
    indexes: String,
}

impl Known {
    fn of(kind: &Kind) -> Self {
        let fields = kind.fields.iter().map(|field| match field.field_type {
            FieldType::Text => format!("{}:text", field.name),
            FieldType::Int => format!("{}:int", field.name),
        });
        let indexes = kind.indexes.iter().map(|index| index.join("+"));
        Self {
            shape: match kind.shape {
                Shape::Records => "records".to_owned(),
                Shape::Log => "log".to_owned(),
            },
            fields: fields.collect::<Vec<_>>().join(","),
            indexes: indexes.collect::<Vec<_>>().join(","),
        }
    }

    fn find(transaction: &Transaction<'_>, kind: &Kind) -> rusqlite::Result<Option<Self>> {
        let sql = "SELECT shape, fields, indexes FROM kinds WHERE name = ?1";
        let known = transaction.query_row(sql, [kind.name], |row| {
            let (shape, fields, indexes) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Self {
                shape,
                fields,
                indexes,
            })
        });
        known.optional()
    }

    fn keep(&self, transaction: &Transaction<'_>, kind: &Kind) -> rusqlite::Result<()> {
        let sql = "INSERT OR REPLACE INTO kinds VALUES (?1, ?2, ?3, ?4)";
        let values = (kind.name, &self.shape, &self.fields, &self.indexes);
        transaction.execute(sql, values).map(|_| ())
    }

    fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .split(',')
            .filter_map(|field| field.split_once(':'))
    }

    fn typed_fields(&self) -> impl Iterator<Item = (&str, FieldType)> {
        self.fields().map(|(name, held)| match held {
            "int" => (name, FieldType::Int),
            _ => (name, FieldType::Text),
        })
    }
}

fn migrate_kind(transaction: &Transaction<'_>, kind: &Kind) -> Result<(), Problem> {
    let (wanted, known) = (Known::of(kind), Known::find(transaction, kind)?);
    let Some(known) = known else {
        transaction.execute_batch(&schema::create(kind))?;
        return Ok(wanted.keep(transaction, kind)?);
    };
    if known == wanted {
        return Ok(());
    }
    check_kept(kind, &known, &wanted)?;
    drop_indexes(transaction, kind)?;
    let dropped = known
        .fields()
        .filter(|(name, _)| kind.position(name).is_none());
    let dropped = dropped.map(|(name, _)| name).collect::<Vec<_>>();
    if !dropped.is_empty() {
        drop_fields(transaction, kind, &known, &dropped)?;
    }
    let is_new = |field: &&Field| known.fields().all(|(name, _)| name != field.name);
    for field in kind.fields.iter().filter(is_new) {
        let column = schema::column(field.name, field.field_type);
        let add = format!("ALTER TABLE {} ADD COLUMN {column}", schema::table(kind));
        transaction.execute_batch(&add)?;
    }
    for index in schema::create_indexes(kind) {
        transaction.execute_batch(&index)?;
    }
    Ok(wanted.keep(transaction, kind)?)
}

fn check_kept(kind: &Kind, known: &Known, wanted: &Known) -> Result<(), Problem> {
    let name = kind.name;
    if known.shape != wanted.shape {
        let (was, is) = (&known.shape, &wanted.shape);
        let reason = format!("`{name}` was declared as {was} and is now declared as {is}");
        return Err(Problem::Kind(reason));
    }
    for (field, was) in known.fields() {
        let now = wanted.fields().find(|(other, _)| *other == field);
        if let Some((_, is)) = now.filter(|(_, is)| *is != was) {
            let reason = format!("`{name}.{field}` held {was} and is now declared as {is}");
            return Err(Problem::Kind(reason));
        }
    }
    Ok(())
}

fn drop_indexes(transaction: &Transaction<'_>, kind: &Kind) -> rusqlite::Result<()> {
    let sql =
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND sql NOT NULL";
    let mut statement = transaction.prepare(sql)?;
    let names = statement.query_map([schema::table(kind)], |row| row.get::<_, String>(0))?;
    let names = names.collect::<rusqlite::Result<Vec<_>>>()?;
    for name in names {
        transaction.execute_batch(&format!("DROP INDEX \"{}\"", name.replace('"', "\"\"")))?;
    }
    Ok(())
}

/// The checksums cover all fields, so each record is sealed anew; its version stays.
fn drop_fields(
    transaction: &Transaction<'_>,
    kind: &Kind,
    known: &Known,
    dropped: &[&str],
) -> Result<(), Problem> {
    let table = schema::table(kind);
    let columns = read::columns(kind.shape, known.typed_fields());
    let select = |condition| {
        let sql = format!("SELECT {columns} FROM {table} {condition} ORDER BY key LIMIT 1");
        transaction.prepare(&sql)
    };
    let (mut first, mut next) = (select("")?, select("WHERE key > ?1")?);
    let sql = format!("UPDATE {table} SET checksum = ?2 WHERE key = ?1");
    let mut seal = transaction.prepare(&sql)?;
    let take = |mut rows: Rows<'_>| {
        let row = rows
            .next()?
            .map(|row| Unsealed::of(row, known.typed_fields()));
        row.transpose()
    };
    let mut record = take(first.query([])?)?;
    while let Some(mut sealed) = record {
        sealed.fields.retain(|name, _| !dropped.contains(name));
        seal.execute((&sealed.key, sealed.seal()))?;
        record = take(next.query([&sealed.key])?)?;
    }
    drop((first, next, seal));
    for field in dropped {
        transaction.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN f_{field}"))?;
    }
    Ok(())
}

fn number(connection: &Connection, pragma: &str) -> rusqlite::Result<i64> {
    connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        Self::Below(error)
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Below(error) => Self::Below(error),
            Fault::Damage(damage) => Self::Damage(damage.to_string()),
        }
    }
}
