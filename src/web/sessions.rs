//! Sessions that were found, kept until something is written.
//!
//! Each is kept under the generation of the database that it was found in: whatever ends a session is a commit, and
//! after a commit nobody is let in by what was kept before.

use quick_cache::sync::Cache;

use crate::session::{Expiry, Session};

/// Most sessions that are kept: some hundred bytes each.
const KEPT_MAX: usize = 4096;

/// A generation of the database, and the digest of a session's token.
type Key = (u64, Vec<u8>);

/// The sessions of those who were here a moment ago.
#[derive(Debug)]
pub(super) struct Sessions(Cache<Key, Session>);

impl Sessions {
    /// None yet.
    pub(super) fn new() -> Self {
        Self(Cache::new(KEPT_MAX))
    }

    /// The session, if it is kept, and not over by now.
    pub(super) fn get(&self, key: &Key, expiry: Expiry) -> Option<Session> {
        self.0.get(key).filter(|session| !session.is_over(expiry))
    }

    /// How many are kept.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Keeps one that was found.
    pub(super) fn keep(&self, key: Key, session: &Session) {
        self.0.insert(key, session.clone());
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::session::Origin;
    use crate::user::{Role, User, UserId};

    fn session(created: i64, seen: i64) -> Session {
        Session {
            id: vec![1],
            user: User { id: UserId(1), username: "ada".to_owned(), role: Role::Author },
            created: Timestamp::from_second(created).unwrap(),
            seen: Timestamp::from_second(seen).unwrap(),
            origin: Origin { address: String::new(), agent: String::new() },
        }
    }

    /// A session is found in the state of the database that it was found in, as long as it is not over.
    #[test]
    fn kept() {
        let sessions = Sessions::new();
        sessions.keep((7, vec![1]), &session(1000, 2000));
        let found =
            |generation, created, seen| sessions.get(&(generation, vec![1]), Expiry { created, seen }).is_some();
        assert!(found(7, 999, 1999));
        assert!(!found(8, 999, 1999));
        assert!(!found(7, 1000, 1999));
        assert!(!found(7, 999, 2000));
        assert!(sessions.get(&(7, vec![2]), Expiry { created: 0, seen: 0 }).is_none());
    }

    /// However many there are, no more than so many are kept.
    #[test]
    fn bounded() {
        let sessions = Sessions::new();
        for number in 0..3 * KEPT_MAX {
            sessions.keep((1, number.to_be_bytes().to_vec()), &session(1000, 2000));
        }
        assert!(sessions.0.len() <= KEPT_MAX);
    }
}
