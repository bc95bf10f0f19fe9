//! Large bodies, each kept once by its hash.

use super::fault::Fault;
use bytes::Bytes;
use ring::digest::{SHA256, digest};
use rusqlite::{Connection, OptionalExtension, Statement};

/// Bodies of more bytes are kept as blobs.
pub(super) const MAX_INLINE: usize = 64 * 1024;

/// Counts who uses a blob; who is not used is removed.
pub(super) struct Blobs<'c> {
    find: Statement<'c>,
    add: Statement<'c>,
    add_body: Statement<'c>,
    use_again: Statement<'c>,
    release: Statement<'c>,
    remove: Statement<'c>,
    remove_body: Statement<'c>,
}

impl<'c> Blobs<'c> {
    pub(super) fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            find: connection.prepare("SELECT id FROM blobs WHERE hash = ?1")?,
            add: connection.prepare("INSERT INTO blobs (hash, uses) VALUES (?1, 1)")?,
            add_body: connection.prepare("INSERT INTO blob_bodies (id, body) VALUES (?1, ?2)")?,
            use_again: connection.prepare("UPDATE blobs SET uses = uses + 1 WHERE id = ?1")?,
            release: connection
                .prepare("UPDATE blobs SET uses = uses - 1 WHERE id = ?1 RETURNING uses")?,
            remove: connection.prepare("DELETE FROM blobs WHERE id = ?1")?,
            remove_body: connection.prepare("DELETE FROM blob_bodies WHERE id = ?1")?,
        })
    }

    /// What a row keeps of a body: the bytes, or the blob that holds them.
    pub(super) fn keep<'b>(&mut self, body: &'b [u8]) -> rusqlite::Result<(&'b [u8], Option<i64>)> {
        if body.len() <= MAX_INLINE {
            return Ok((body, None));
        }
        let hash = digest(&SHA256, body);
        let hash = hash.as_ref();
        let found = self.find.query_row([hash], |row| row.get::<_, i64>(0));
        if let Some(id) = found.optional()? {
            self.use_again.execute([id])?;
            return Ok((&[], Some(id)));
        }
        let id = self.add.insert([hash])?;
        self.add_body.execute((id, body))?;
        Ok((&[], Some(id)))
    }

    pub(super) fn release(&mut self, blob: Option<i64>) -> rusqlite::Result<()> {
        let Some(id) = blob else {
            return Ok(());
        };
        let left = self.release.query_row([id], |row| row.get::<_, i64>(0));
        if left.optional()?.is_some_and(|left| left <= 0) {
            self.remove.execute([id])?;
            self.remove_body.execute([id])?;
        }
        Ok(())
    }
}

/// The bytes of a blob, if they are those that were kept.
pub(super) fn read(connection: &Connection, id: i64) -> Result<Bytes, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT hash, body FROM blobs JOIN blob_bodies USING (id) WHERE blobs.id = ?1",
    )?;
    let found = statement.query_row([id], |row| {
        let hash = row.get::<_, Vec<u8>>(0)?;
        Ok((hash, row.get::<_, Vec<u8>>(1)?))
    });
    match found.optional()? {
        Some((hash, body)) if digest(&SHA256, &body).as_ref() == hash => Ok(body.into()),
        Some(_) => Err(Fault::damage("a large body is not the one that was stored")),
        None => Err(Fault::damage("a large body is missing")),
    }
}
