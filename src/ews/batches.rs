//! What is left to do of many things: batches that wait, in order, and the problems of those that are done with. Pure.

use crate::ews::error::{Class, ResponseError};
use crate::ews::patience::{TRIES, usual_seconds};
use crate::problem::{Code, Problem};

/// Things are known by their place in the caller's list.
pub(super) struct Batches {
    /// The next one last.
    waiting: Vec<Vec<usize>>,
    /// How often each met trouble that may pass.
    troubles: Vec<u8>,
    /// Whether the server did anything at all yet.
    any_done: bool,
    pub failed: Vec<(usize, Problem)>,
}

/// What to do before the next batch.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pause {
    /// Leave the server in peace for so many seconds.
    Busy(u32),
    /// Try again in a moment.
    Trouble,
}

impl Batches {
    pub fn new(count: usize) -> Self {
        let all: Vec<usize> = (0..count).collect();
        let waiting = if all.is_empty() { Vec::new() } else { vec![all] };
        Batches { waiting, troubles: vec![0; count], any_done: false, failed: Vec::new() }
    }

    pub fn next(&mut self) -> Option<Vec<usize>> {
        self.waiting.pop()
    }

    /// Takes in the errors of a batch that was answered. Every time at least one thing is done with or has one try
    /// less, because an answer in which nothing was begun is a refusal and does not come here: so it ends.
    pub fn settle(&mut self, asked: usize, errors: Vec<(usize, ResponseError)>, only_reads: bool) -> Option<Pause> {
        self.any_done |= errors.len() < asked;
        let (mut again, mut pause) = (Vec::new(), None);
        for (place, error) in errors {
            let problem = error.of_item();
            if error.was_not_begun() {
                if error.code.class() == Class::Wait {
                    let seconds = usual_seconds(&problem);
                    pause = Some(Pause::Busy(if let Some(Pause::Busy(other)) = pause {
                        seconds.max(other)
                    } else {
                        seconds
                    }));
                }
                again.push(place);
            } else if only_reads && error.code.class() == Class::Retry && self.has_a_try_left(place) {
                pause = pause.or(Some(Pause::Trouble));
                again.push(place);
            } else {
                self.any_done = true;
                self.failed.push((place, problem));
            }
        }
        if !again.is_empty() {
            self.waiting.push(again);
        }
        pause
    }

    fn has_a_try_left(&mut self, place: usize) -> bool {
        self.troubles[place] += 1;
        u32::from(self.troubles[place]) < TRIES
    }

    /// A batch that got no answer. Too much at once is halved, until one thing is too large by itself: its own fault,
    /// not its neighbours'.
    ///
    /// # Errors
    /// The problem, when it is all that there is to say.
    pub fn give_up_or_halve(&mut self, batch: Vec<usize>, problem: Problem, only_reads: bool) -> Result<(), Problem> {
        // What was refused unread was not done. Of an answer that is too large that is known only if it was a question.
        let is_too_much = match problem.code {
            Code::GatewayRequestTooLarge => true,
            Code::ExchangeTooLarge => only_reads,
            _ => false,
        };
        if is_too_much && batch.len() > 1 {
            let (first, second) = batch.split_at(batch.len() / 2);
            self.waiting.extend([second.to_vec(), first.to_vec()]);
        } else if is_too_much {
            self.failed.extend(batch.into_iter().map(|place| (place, problem.clone())));
        } else if self.any_done && problem.is_passing() {
            // What was done must be told, so this is the problem of those that are left.
            let left = batch.into_iter().chain(std::mem::take(&mut self.waiting).into_iter().flatten());
            self.failed.extend(left.map(|place| (place, problem.clone())));
        } else {
            return Err(problem);
        }
        Ok(())
    }
}
