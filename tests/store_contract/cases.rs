//! The contract as data, `cases.json`, and the one function that holds a store to it. The page's stores are held to the
//! same file by `www/tests/store-contract.spec.ts`.
//!
//! A case is a name and steps: `commit` (answered `written` or `stale`), `ask` with the answer, and `race`, of which one
//! of the `outcomes` must be seen. A commit `asItIs` has a head that is none of ours; a store that takes no such head has
//! nothing to show there. `{"$like": name, ..}` is the template of that name with members replaced,
//! `{"$repeat": [text, times]}` a long text.

use blikk_calendar_sync::problem::{Code, Problem, Side};
use blikk_calendar_sync::sync::memory_store::MemoryStore;
use blikk_calendar_sync::sync::port::StateStore;
use blikk_calendar_sync::sync::state::{Commit, Head, LinkId, RemoteId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::http_store::HttpStore;

const CASES: &str = include_str!("cases.json");

pub struct Case {
    pub name: String,
    steps: Vec<Value>,
}

/// All of them.
pub fn cases() -> Vec<Case> {
    let file: Value = serde_json::from_str(CASES).expect("JSON");
    let templates = file["templates"].as_object().expect("templates");
    let case = |case: &Value| Case {
        name: case["name"].as_str().expect("a name").to_owned(),
        steps: case["steps"].as_array().expect("steps").iter().map(|step| expanded(step, templates)).collect(),
    };
    file["cases"].as_array().expect("cases").iter().map(case).collect()
}

/// A store that may keep what is no row of ours.
pub trait Raw {
    /// `None`: it keeps only what can be read.
    async fn as_it_is(&self, commit: &Value) -> Option<Result<(), Problem>>;
}

impl Raw for MemoryStore {
    async fn as_it_is(&self, _: &Value) -> Option<Result<(), Problem>> {
        None
    }
}

impl Raw for HttpStore {
    async fn as_it_is(&self, commit: &Value) -> Option<Result<(), Problem>> {
        Some(self.commit_as_it_is(commit).await)
    }
}

impl Case {
    /// Takes a new store through the steps; `other` is another one's hold on the same state.
    pub async fn holds<S: StateStore + Raw>(&self, store: &S, other: &S) {
        for (at, step) in self.steps.iter().enumerate() {
            let place = format!("{}, step {at}", self.name);
            if let Some(commit) = step.get("asItIs") {
                let Some(result) = store.as_it_is(commit).await else { return };
                assert_eq!(word(result), step["answer"], "{place}");
            } else if let Some(commit) = step.get("commit") {
                assert_eq!(word(store.commit(typed(commit)).await), step["answer"], "{place}");
            } else if let Some(race) = step.get("race") {
                let (one, two) = (typed::<Commit>(&race[0]), typed::<Commit>(&race[1]));
                let (one, two) = tokio::join!(store.commit(one), other.commit(two));
                let mut words = [word(one), word(two)];
                words.sort_unstable();
                assert_eq!(words, ["stale", "written"], "{place}");
                let seen = json!([told(&store.head().await), told(&store.links_after(None, 10).await)]);
                let outcomes = step["outcomes"].as_array().expect("outcomes");
                assert!(outcomes.contains(&seen), "{place}: {seen}");
            } else {
                let seen = answer(store, &step["ask"], &step["of"]).await;
                assert!(seen == step["answer"], "{place}: {}", difference(&seen, &step["answer"]));
            }
        }
    }
}

async fn answer(store: &impl StateStore, what: &Value, of: &Value) -> Value {
    match what.as_str().expect("what is asked") {
        "head" => match store.head().await {
            Ok(head) if head == Head::default() => Value::Null,
            head => told(&head),
        },
        "generation" => told(&store.remains().await.map(|remains| remains.generation)),
        "linksOf" => {
            let (side, ids): (Side, Vec<RemoteId>) = (typed(&of[0]), typed(&of[1]));
            in_order_of_ids(told(&store.links_of(side, &ids).await))
        }
        "index" => in_order_of_ids(told(&store.index().await)),
        "linksAfter" => {
            let (after, limit): (Option<LinkId>, u32) = (typed(&of[0]), typed(&of[1]));
            told(&store.links_after(after.as_ref(), limit).await)
        }
        "operations" => told(&store.operations().await),
        "runs" => told(&store.runs().await),
        "changesOf" => told(&store.changes_of(typed(&of[0])).await),
        other => panic!("nobody can be asked for {other}"),
    }
}

fn word(result: Result<(), Problem>) -> &'static str {
    match result {
        Ok(()) => "written",
        Err(Problem { code: Code::StoreStale, .. }) => "stale",
        Err(problem) => panic!("a commit failed: {problem}"),
    }
}

fn typed<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error} in {value}"))
}

fn told<T: Serialize>(result: &Result<T, Problem>) -> Value {
    match result {
        Ok(rows) => serde_json::to_value(rows).expect("JSON"),
        Err(problem) => panic!("the store failed: {problem}"),
    }
}

fn in_order_of_ids(rows: Value) -> Value {
    let Value::Array(mut rows) = rows else { return rows };
    rows.sort_by(|a, b| a["id"].as_str().cmp(&b["id"].as_str()));
    Value::Array(rows)
}

fn expanded(value: &Value, templates: &Map<String, Value>) -> Value {
    match value {
        Value::Array(list) => list.iter().map(|one| expanded(one, templates)).collect(),
        Value::Object(members) => {
            if let Some(repeat) = members.get("$repeat") {
                let times = repeat[1].as_u64().expect("a number") as usize;
                return repeat[0].as_str().expect("a text").repeat(times).into();
            }
            let mut whole = match members.get("$like") {
                Some(name) => {
                    let template = templates.get(name.as_str().expect("a name")).expect("a template of that name");
                    expanded(template, templates).as_object().expect("an object").clone()
                }
                None => Map::new(),
            };
            let own = members.iter().filter(|(name, _)| *name != "$like");
            whole.extend(own.map(|(name, value)| (name.clone(), expanded(value, templates))));
            Value::Object(whole)
        }
        other => other.clone(),
    }
}

/// Long texts would hide it.
fn difference(seen: &Value, expected: &Value) -> String {
    let short = |value: &Value| value.to_string().chars().take(3000).collect::<String>();
    format!("\n     seen {}\n expected {}", short(seen), short(expected))
}
