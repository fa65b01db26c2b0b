//! Somebody who is measured: a program that takes turns.
//!
//! It says hello in one line of JSON when it is ready, and has read the data once by then. For each line with a task's
//! name on its standard input it answers one line with milliseconds. It ends when its input does, so none is left
//! behind, however we end. The other side is `benches/src/turns.rs`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use serde::Deserialize;

pub struct Contestant {
    pub name: &'static str,
    pub hello: Hello,
    questions: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
    child: Child,
}

/// What a contestant says of itself.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    pub version: String,
    /// What it read, in few numbers: items, then the lengths of subjects, of bodies and of our marker, then the number
    /// of categories and attendees, if it reads those.
    pub digest: Vec<u64>,
    /// Milliseconds of each task when nothing was compiled or cached yet; from languages that compile while they run.
    #[serde(default)]
    pub first: BTreeMap<String, f64>,
    #[serde(default)]
    pub items: usize,
    #[serde(default)]
    pub bytes: usize,
    #[serde(default)]
    pub request_bytes: usize,
}

impl Contestant {
    /// Starts it, and waits until it is ready.
    ///
    /// # Errors
    /// When it does not start, or ends without a word; its own words are on the console.
    pub fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let questions = child.stdin.take();
        let stdout = child.stdout.take().context("no pipe to the program")?;
        let mut answers = BufReader::new(stdout).lines();
        let first = answers.next().context("it ended without a word")??;
        let hello = serde_json::from_str(&first).with_context(|| format!("{name} said {first:?}"))?;
        Ok(Contestant { name, hello, questions, answers, child })
    }

    /// How many milliseconds the task takes, now.
    ///
    /// # Errors
    /// When it does not answer; its own words are on the console.
    pub fn take_turn(&mut self, task: &str) -> Result<f64> {
        let questions = self.questions.as_mut().context("no pipe to the program")?;
        writeln!(questions, "{task}").with_context(|| format!("{} has ended", self.name))?;
        let answer = self.answers.next().with_context(|| format!("{} ended in its turn", self.name))??;
        answer.parse().with_context(|| format!("{} said {answer:?}", self.name))
    }
}

impl Drop for Contestant {
    fn drop(&mut self) {
        // That is how it is told to end.
        self.questions = None;
        if let Err(error) = self.child.wait() {
            eprintln!("{}: {error}", self.name);
        }
    }
}
