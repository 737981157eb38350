//! The stream of one connection: it says when the client does not take what is written, and writes what is short at once.

use std::cell::RefCell;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::web::connections::Connection;

/// A header and a body of at most so many bytes together are written as one piece. To copy them costs less than Linux
/// takes for `writev` more than for `send`: that was 0.5 µs of 14 for a page of 2.4 KB.
const TOGETHER_BYTES_MAX: usize = 8192;

thread_local! {
    /// Where pieces are put together.
    static TOGETHER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A stream whose writes are noted with the connection.
#[derive(Debug)]
pub(super) struct Paced<S> {
    stream: S,
    connection: Connection,
}

impl<S> Paced<S> {
    /// The stream of this connection.
    pub(super) fn new(stream: S, connection: Connection) -> Self {
        Self { stream, connection }
    }

    /// Notes whether the client has to take something first.
    fn noted<T>(&self, written: Poll<T>) -> Poll<T> {
        self.connection.wrote(written.is_pending());
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.noted(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if pieces.iter().map(|piece| piece.len()).sum::<usize>() > TOGETHER_BYTES_MAX {
            let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
            return self.noted(written);
        }
        TOGETHER.with_borrow_mut(|together| {
            together.clear();
            for piece in pieces {
                together.extend_from_slice(piece);
            }
            self.poll_write(context, together)
        })
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.noted(flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut_down = Pin::new(&mut self.stream).poll_shutdown(context);
        self.noted(shut_down)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::task::Waker;
    use std::time::Instant;

    use super::*;
    use crate::web::connections::Turn;

    /// A stream that takes so many bytes, and remembers the lengths of what it was given at a time.
    #[derive(Default)]
    struct Taker {
        room: usize,
        writes: Vec<Vec<usize>>,
    }

    impl Taker {
        fn take(&mut self, lengths: Vec<usize>) -> Poll<io::Result<usize>> {
            let taken = lengths.iter().sum::<usize>().min(self.room);
            self.room -= taken;
            self.writes.push(lengths);
            if taken == 0 { Poll::Pending } else { Poll::Ready(Ok(taken)) }
        }
    }

    impl AsyncWrite for Taker {
        fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            self.take(vec![bytes.len()])
        }

        fn poll_write_vectored(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            pieces: &[IoSlice<'_>],
        ) -> Poll<io::Result<usize>> {
            self.take(pieces.iter().map(|piece| piece.len()).collect())
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    fn paced(room: usize) -> Paced<Taker> {
        Paced::new(Taker { room, ..Taker::default() }, Connection::new(Instant::now()))
    }

    /// What is short is written as one piece, and what is long as it comes, not copied.
    #[tokio::test]
    async fn together() {
        let mut stream = paced(usize::MAX);
        for body in [10, TOGETHER_BYTES_MAX - 5, TOGETHER_BYTES_MAX - 4] {
            let (head, body) = (vec![b'h'; 5], vec![b'b'; body]);
            let pieces = [IoSlice::new(&head), IoSlice::new(&body)];
            let written = poll_fn(|context| Pin::new(&mut stream).poll_write_vectored(context, &pieces)).await;
            assert_eq!(written.unwrap(), head.len() + body.len());
        }
        let expected = [vec![15], vec![TOGETHER_BYTES_MAX], vec![5, TOGETHER_BYTES_MAX - 4]];
        assert_eq!(stream.stream.writes, expected);
    }

    /// It is the client's turn from the write that has to wait until one does not.
    #[test]
    fn turns() {
        let (mut stream, mut context) = (paced(5), Context::from_waker(Waker::noop()));
        let mut write = |stream: &mut Paced<Taker>| Pin::new(stream).poll_write(&mut context, b"answer").is_ready();
        let is_taking = |stream: &Paced<Taker>| matches!(stream.connection.turn(), Turn::Taking(_));
        assert!(write(&mut stream) && !is_taking(&stream));
        assert!(!write(&mut stream) && is_taking(&stream));
        let since = stream.connection.turn();
        assert!(!write(&mut stream) && stream.connection.turn() == since);
        stream.stream.room = 1;
        assert!(write(&mut stream) && !is_taking(&stream));
    }
}
