//! A thread of its own for pictures, so that no page waits for one.

use std::io;

use super::Picture;
use crate::pool::{Pool, Rejected};
use crate::problem::Problem;

/// Most pictures that wait. Each takes up to half a second or so, and who sent it waits at most for so many.
const QUEUE_MAX: usize = 8;

/// Reads pictures, one at a time, whatever each of them takes.
#[derive(Debug)]
pub struct ImagePool(Pool<()>);

impl ImagePool {
    /// Starts the thread.
    pub fn start() -> io::Result<Self> {
        Ok(Self(Pool::start("image", vec![()], QUEUE_MAX)?))
    }

    /// Reads a file.
    pub async fn decode(&self, file: impl AsRef<[u8]> + Send + 'static) -> Result<Result<Picture, Problem>, Rejected> {
        self.0.run(move |()| Picture::decode(file.as_ref())).await
    }
}
