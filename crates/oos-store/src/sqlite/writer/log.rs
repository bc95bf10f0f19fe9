//! The write-ahead log as it grows.

use super::Wake;
use crate::sqlite::checkpoint::LONG_LOG;
use std::sync::mpsc::Sender;

/// A log of so few pages stays as it is: most stores that are small never need more.
const SMALL_LOG: u32 = 64;
/// Room is made for at least so many pages more, 4 MB,
const LEAST_ROOM: u32 = 1024;
/// and at most so many, 16 MB.
const MOST_ROOM: u32 = 4096;

/// Tells the thread that makes checkpoints what the log needs.
pub(super) struct Log<'c> {
    pages_before: u32,
    checkpoint_at: u32,
    room_at: u32,
    waker: &'c Sender<Wake>,
}

impl<'c> Log<'c> {
    pub(super) fn new(waker: &'c Sender<Wake>) -> Self {
        Self {
            pages_before: 0,
            checkpoint_at: LONG_LOG,
            room_at: SMALL_LOG,
            waker,
        }
    }

    /// Looks at the log when it has this many pages.
    pub(super) fn look(&mut self, pages: u32) {
        if pages < self.pages_before {
            // It began anew, in the room that it has.
            self.checkpoint_at = LONG_LOG;
        }
        self.pages_before = pages;
        if pages >= self.room_at {
            let room = pages.saturating_mul(2).clamp(LEAST_ROOM, MOST_ROOM);
            self.room_at = pages.saturating_add(room / 2);
            self.wake(Wake::Room(pages.saturating_add(room)));
        }
        if pages >= self.checkpoint_at {
            self.checkpoint_at = pages.saturating_add(LONG_LOG);
            self.wake(Wake::Checkpoint);
        }
    }

    fn wake(&self, wake: Wake) {
        // Nobody listens any more while the store closes.
        let _ = self.waker.send(wake);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn room_comes_before_it_is_needed() {
        let (waker, sent) = channel();
        let mut log = Log::new(&waker);
        let mut check = |pages, expected: &[Wake]| {
            log.look(pages);
            assert_eq!(sent.try_iter().collect::<Vec<_>>(), expected, "{pages}");
        };
        check(63, &[]);
        check(64, &[Wake::Room(1088)]);
        check(575, &[]);
        check(576, &[Wake::Room(1728)]);
        check(3000, &[Wake::Room(7096)]);
        check(4096, &[Wake::Checkpoint]);
        check(5048, &[Wake::Room(9144)]);
        check(8191, &[Wake::Room(12287)]);
        check(8192, &[Wake::Checkpoint]);
        // It begins anew.
        check(10, &[]);
        check(4095, &[]);
        check(4096, &[Wake::Checkpoint]);
    }
}
