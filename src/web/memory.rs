//! The memory that clients make us hold: forms that arrive, and answers that leave.
//!
//! Both wait for a client, which may be slow on purpose. All together they are kept below one limit; at the limit the
//! slowest clients' connections are closed, and only where that is not enough a request is refused.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::connections::{Connection, Connections, UnderWay};
use super::error::{Error, Result};
use crate::config::Limits;

/// An answer of at most so many bytes is not counted, so that there is always one: it is no more than what a
/// connection costs anyway.
const SMALL_ANSWER_BYTES: usize = 8192;

/// How often to look for memory before a request is refused, and the pause after each look.
const LOOKS_MAX: usize = 10;
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// What all requests together may hold.
#[derive(Debug)]
pub(super) struct Memory {
    free: Arc<Semaphore>,
    bytes_max: u32,
    connections: Connections,
}

/// Memory that a request holds, until it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    permit: OwnedSemaphorePermit,
    holder: Option<Connection>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(holder) = &self.holder {
            holder.let_go(self.permit.num_permits());
        }
    }
}

/// The bytes of an answer, and what they count as until they are sent.
struct Answer {
    bytes: Bytes,
    _held: Held,
    _under_way: Option<UnderWay>,
}

impl AsRef<[u8]> for Answer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Memory {
    /// As much as the limits say, but enough for one form; whoever holds some is one of these connections.
    pub(super) fn new(limits: &Limits, connections: Connections) -> Self {
        let form = limits.form_bytes_max.saturating_add(limits.upload_bytes_max);
        let form = u32::try_from(form).unwrap_or(u32::MAX);
        let bytes_max = limits.in_flight_bytes_max.max(form);
        Self { free: Arc::new(Semaphore::new(bytes_max as usize)), bytes_max, connections }
    }

    /// How much is held, and how much may be, in bytes.
    pub(super) fn bytes(&self) -> [u64; 2] {
        let bytes_max = u64::from(self.bytes_max);
        [bytes_max.saturating_sub(self.free.available_permits() as u64), bytes_max]
    }

    /// Takes memory for a request. More than all there is counts as all there is.
    pub(super) async fn hold(&self, bytes: usize, holder: Option<&Connection>) -> Result<Held> {
        match self.try_hold(bytes, holder) {
            Some(held) => Ok(held),
            None => Ok(Held::new(self.wait_for(self.count(bytes)).await?, holder)),
        }
    }

    /// The same, if there is enough at this moment.
    fn try_hold(&self, bytes: usize, holder: Option<&Connection>) -> Option<Held> {
        let permit = Arc::clone(&self.free).try_acquire_many_owned(self.count(bytes)).ok()?;
        Some(Held::new(permit, holder))
    }

    fn count(&self, bytes: usize) -> u32 {
        u32::try_from(bytes).unwrap_or(u32::MAX).min(self.bytes_max)
    }

    async fn wait_for(&self, count: u32) -> Result<OwnedSemaphorePermit> {
        let mut acquire = pin!(Arc::clone(&self.free).acquire_many_owned(count));
        for _ in 0..LOOKS_MAX {
            self.connections.free(count as usize);
            if let Ok(Ok(permit)) = timeout(LOOK_AGAIN, &mut acquire).await {
                return Ok(permit);
            }
        }
        Err(Error::Busy("forms and answers in flight are at in_flight_bytes_max".to_owned()))
    }

    /// An answer of so many bytes, which are made once there is room for them, and counted until hyper has sent them or
    /// dropped them with their connection.
    pub(super) async fn answer(
        &self,
        bytes: usize,
        connection: Option<&Connection>,
        make: impl FnOnce() -> Bytes,
    ) -> Result<Bytes> {
        if bytes <= SMALL_ANSWER_BYTES {
            return Ok(make());
        }
        let held = self.hold(bytes, connection).await?;
        Ok(counted(make(), held, connection))
    }

    /// The same for bytes that are there already, if there is room at this moment.
    pub(super) fn try_answer(&self, bytes: &Bytes, connection: Option<&Connection>) -> Option<Bytes> {
        if bytes.len() <= SMALL_ANSWER_BYTES {
            return Some(bytes.clone());
        }
        let held = self.try_hold(bytes.len(), connection)?;
        Some(counted(bytes.clone(), held, connection))
    }
}

fn counted(bytes: Bytes, held: Held, connection: Option<&Connection>) -> Bytes {
    if let Some(connection) = connection {
        connection.touch();
    }
    Bytes::from_owner(Answer { bytes, _held: held, _under_way: connection.map(Connection::under_way) })
}

impl Held {
    fn new(permit: OwnedSemaphorePermit, holder: Option<&Connection>) -> Self {
        if let Some(holder) = holder {
            holder.hold(permit.num_permits());
        }
        Self { permit, holder: holder.cloned() }
    }

    /// Takes in what was held next.
    pub(super) fn merge(&mut self, mut other: Self) {
        // `other` counts nothing any more when it is dropped.
        if let Some(more) = other.permit.split(other.permit.num_permits()) {
            self.permit.merge(more);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(bytes_max: u32) -> Memory {
        let limits =
            Limits { in_flight_bytes_max: bytes_max, form_bytes_max: 0, upload_bytes_max: 0, ..Limits::default() };
        Memory::new(&limits, Connections::new(1))
    }

    /// An answer of so many bytes.
    async fn answer(memory: &Memory, bytes: usize) -> Result<Bytes> {
        memory.answer(bytes, None, || vec![b'x'; bytes].into()).await
    }

    /// Memory is held until the last byte is gone, and then others may have it.
    #[tokio::test]
    async fn answers_are_counted() {
        let memory = memory(30_000);
        let mut first = answer(&memory, 20_000).await.unwrap();
        assert_eq!(memory.free.available_permits(), 10_000);
        assert_eq!(memory.bytes(), [20_000, 30_000]);
        assert!(memory.try_answer(&first, None).is_none());
        assert!(matches!(answer(&memory, 20_000).await, Err(Error::Busy(_))));
        let last = first.split_off(19_999);
        drop(first);
        assert_eq!(memory.free.available_permits(), 10_000);
        drop(last);
        assert_eq!(memory.free.available_permits(), 30_000);
    }

    /// What is small is always answered, and what is larger than all there is alone.
    #[tokio::test]
    async fn small_and_huge() {
        let memory = memory(30_000);
        let _huge = answer(&memory, 40_000).await.unwrap();
        assert_eq!(memory.free.available_permits(), 0);
        assert!(answer(&memory, SMALL_ANSWER_BYTES).await.is_ok());
        assert!(answer(&memory, SMALL_ANSWER_BYTES + 1).await.is_err());
    }

    /// What grows is held in one piece.
    #[tokio::test]
    async fn growing() {
        let memory = memory(100);
        let mut held = memory.hold(10, None).await.unwrap();
        held.merge(memory.hold(20, None).await.unwrap());
        assert_eq!(memory.free.available_permits(), 70);
        drop(held);
        assert_eq!(memory.free.available_permits(), 100);
    }
}
