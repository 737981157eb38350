//! The thread that puts texts into content codings, one at a time.

use std::io;

use hyper::body::Bytes;

use super::coding::Coding;
use super::error::Error;
use crate::pool::{Pool, Rejected};

/// Most texts that wait to be encoded. Past it they are sent as they are.
const QUEUE_MAX: usize = 64;

/// Encodes texts.
#[derive(Debug)]
pub(super) struct Encoder(Pool<()>);

impl Encoder {
    /// Starts the thread.
    pub(super) fn start() -> io::Result<Self> {
        Ok(Self(Pool::start("encoder", vec![()], QUEUE_MAX)?))
    }

    /// A text in a coding; `None` where that makes it no smaller.
    pub(super) async fn encode(&self, coding: Coding, text: &Bytes) -> Result<Option<Bytes>, Rejected> {
        if coding == Coding::Identity {
            return Ok(None);
        }
        let text = text.clone();
        Ok(self.0.run(move |()| coding.encode(&text)).await?.map(Bytes::from))
    }
}

/// What became of a text that the thread did not survive.
pub(super) fn panicked() -> Error {
    Error::Internal("the thread that encodes texts panicked".into())
}
