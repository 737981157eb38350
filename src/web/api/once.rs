//! What is sent twice because its answer was lost is done once: `Idempotency-Key`, as
//! <https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/> has it.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::db::{self, Connection, sent_forms};
use crate::user::UserId;
use crate::web::request::Request;

const FIELD: &str = "idempotency-key";

/// What tells one request from another that says the same, if it can be told.
pub(super) struct Once(Option<Vec<u8>>);

impl Once {
    /// Of a request with this body. Another body under the same key is another request.
    pub(super) fn of(req: &Request, body: &[u8]) -> Self {
        Self(req.headers().get(FIELD).map(|key| {
            let mut digest = Sha256::new();
            for part in [b"api", req.path().as_bytes(), key.as_bytes(), body] {
                digest.update(part.len().to_le_bytes()); // so that nothing moves from one part to the next
                digest.update(part);
            }
            digest.finalize().to_vec()
        }))
    }

    /// Makes something, unless this very request was accepted before: then its number is that of what came of it. `None`
    /// if nothing did.
    pub(super) fn make(
        self,
        conn: Connection<'_>,
        user: UserId,
        now: Timestamp,
        begin: impl FnOnce(Connection<'_>) -> db::Result<Option<i64>>,
    ) -> db::Result<Option<i64>> {
        let Self(Some(digest)) = self else { return begin(conn) };
        if !sent_forms::insert(conn, user, &digest, now)? {
            return sent_forms::made(conn, user, &digest);
        }
        let made = begin(conn)?;
        match made {
            Some(id) => sent_forms::set_made(conn, user, &digest, id)?,
            None => sent_forms::delete(conn, user, &digest)?,
        }
        Ok(made)
    }
}
