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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
    use std::thread;

    use super::*;

    /// A file that comes when it is let in.
    struct Late(Arc<AtomicBool>);

    impl AsRef<[u8]> for Late {
        fn as_ref(&self) -> &[u8] {
            while !self.0.load(Relaxed) {
                thread::yield_now();
            }
            b"none"
        }
    }

    /// One is read at a time, some wait, and others are told at once that there are too many.
    #[tokio::test(flavor = "multi_thread")]
    async fn bounded() {
        let pool = Arc::new(ImagePool::start().unwrap());
        let is_let_in = Arc::new(AtomicBool::new(false));
        let files: Vec<_> = (0..QUEUE_MAX + 5)
            .map(|_| {
                let (pool, file) = (Arc::clone(&pool), Late(Arc::clone(&is_let_in)));
                tokio::spawn(async move { pool.decode(file).await })
            })
            .collect();
        while files.iter().filter(|file| file.is_finished()).count() < 4 {
            tokio::task::yield_now().await;
        }
        is_let_in.store(true, Relaxed);
        let mut refused = 0;
        for file in files {
            match file.await.unwrap() {
                Ok(read) => assert!(read.is_err(), "it is no picture"),
                Err(rejected) => {
                    assert_eq!(rejected, Rejected::Full);
                    refused += 1;
                }
            }
        }
        assert!((4..=5).contains(&refused), "{refused}");
    }
}
