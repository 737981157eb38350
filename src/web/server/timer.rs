//! The deadline of a connection's next header, without a timer set and taken back for each request.
//!
//! hyper asks for a new deadline with every request. Each is later than the one before, so one alarm a connection is
//! enough: where it goes off before the deadline of that time, it is set again, which is once in a while and not for
//! each request.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};
use tokio::time;

/// The deadlines of one connection.
#[derive(Debug)]
pub(super) struct Deadlines(Arc<Alarm>);

type Alarm = Mutex<Pin<Box<time::Sleep>>>;

impl Deadlines {
    /// Deadlines that are all at least so long after now.
    pub(super) fn new(first: Duration) -> Self {
        Self(Arc::new(Mutex::new(Box::pin(time::sleep(first)))))
    }
}

impl Timer for Deadlines {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Until { deadline: deadline.into(), alarm: Arc::clone(&self.0) })
    }
}

/// Done at the deadline.
struct Until {
    deadline: time::Instant,
    alarm: Arc<Alarm>,
}

impl Sleep for Until {}

impl Future for Until {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut alarm = self.alarm.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            ready!(alarm.as_mut().poll(context));
            if alarm.deadline() >= self.deadline {
                return Poll::Ready(());
            }
            alarm.as_mut().reset(self.deadline);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Every deadline is kept, to the moment, whatever was waited for before.
    #[tokio::test(start_paused = true)]
    async fn kept() {
        let deadlines = Deadlines::new(SECOND);
        let started = time::Instant::now();
        let until = |seconds: u32| deadlines.sleep_until((started + seconds * SECOND).into_std());
        for seconds in [2, 3] {
            // Given up, as when a header comes in time.
            assert!(time::timeout(SECOND / 2, until(seconds)).await.is_err());
        }
        until(4).await;
        assert_eq!(started.elapsed(), 4 * SECOND);
        until(4).await;
        until(9).await;
        assert_eq!(started.elapsed(), 9 * SECOND);
    }
}
