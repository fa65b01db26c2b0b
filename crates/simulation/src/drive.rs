//! What drives the engine: a few lines that poll a future, and may leave off at any of its pauses.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drive {
    On,
    /// The machine stops: the future is dropped where it is.
    Stop,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended<T> {
    Done(T),
    Dropped,
    /// It paused so often that it will never end.
    Endless,
}

/// A run of a few dozen events has a few hundred pauses.
const ENDLESS: u32 = 100_000;

/// Drives `future` to its end. Before each pause passes, `at_pause` is told its number, from 1.
pub fn drive<T>(future: impl Future<Output = T>, mut at_pause: impl FnMut(u32) -> Drive) -> Ended<T> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for pause in 1..ENDLESS {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return Ended::Done(value);
        }
        if at_pause(pause) == Drive::Stop {
            return Ended::Dropped;
        }
    }
    Ended::Endless
}

/// Drives two futures to their ends, turn by turn: `turn` says whose it is. `at_pause` is told whose pause it is, and its
/// number.
pub fn drive_both<T>(
    futures: (impl Future<Output = T>, impl Future<Output = T>),
    mut turn: impl FnMut() -> usize,
    mut at_pause: impl FnMut(usize, u32) -> Drive,
) -> [Ended<T>; 2] {
    let mut futures: [Option<Pin<Box<dyn Future<Output = T> + '_>>>; 2] =
        [Some(Box::pin(futures.0)), Some(Box::pin(futures.1))];
    let mut ended = [Ended::Endless, Ended::Endless];
    let (mut pauses, mut context) = ([0; 2], Context::from_waker(Waker::noop()));
    for _ in 1..ENDLESS {
        let drawn = turn();
        let which = if futures[drawn].is_some() { drawn } else { 1 - drawn };
        let Some(future) = &mut futures[which] else { break };
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            ended[which] = Ended::Done(value);
            futures[which] = None;
            continue;
        }
        pauses[which] += 1;
        if at_pause(which, pauses[which]) == Drive::Stop {
            ended[which] = Ended::Dropped;
            futures[which] = None;
        }
    }
    ended
}

/// What a future that never waits comes to.
pub fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
