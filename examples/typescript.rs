//! Prints the TypeScript declarations of the types that cross to the page. `cargo xtask types` stores them as
//! `www/src/generated/core.ts`.

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};

use blikk_calendar_sync::event::{Event, Exception};
use blikk_calendar_sync::host::Progress;
use blikk_calendar_sync::http::{HttpFault, Service};
use blikk_calendar_sync::problem::{Code, Problem};
use blikk_calendar_sync::sync::farewell::Farewell;
use blikk_calendar_sync::sync::history::{HistoryEntry, RunRecord};
use blikk_calendar_sync::sync::options::Options;
use blikk_calendar_sync::sync::preview::{Approval, Preview};
use blikk_calendar_sync::sync::questions::Asked;
use blikk_calendar_sync::sync::report::{ConnectionReport, RunReport};
use blikk_calendar_sync::sync::settings::Status;
use ts_rs::{Config, TS, TypeVisitor};

fn main() {
    print!("{}", declarations());
}

/// These types and all that they are made of, each once, by name: the macro's own order changes from build to build.
fn declarations() -> String {
    let mut crossing = Declarations::default();
    crossing.visit::<RunReport>();
    crossing.visit::<Progress>();
    crossing.visit::<ConnectionReport>();
    crossing.visit::<Service>();
    crossing.visit::<HttpFault>();
    crossing.visit::<Event>();
    // The keys of a map hide it.
    crossing.visit::<Exception>();
    crossing.visit::<Options>();
    crossing.visit::<Preview>();
    crossing.visit::<Approval>();
    crossing.visit::<RunRecord>();
    crossing.visit::<HistoryEntry>();
    crossing.visit::<Status>();
    crossing.visit::<Asked>();
    crossing.visit::<Farewell>();
    let all: String = crossing.by_name.into_values().collect();
    let facts = facts();
    let text = format!("// Generated from the Rust types by `cargo xtask types`. Do not edit.\n{all}{facts}");
    text.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// What the page has to know of codes, and only the core can say.
fn facts() -> String {
    let list = |name: &str, docs: &str, has_it: fn(&Problem) -> bool| {
        let codes = Code::all().filter(|code| has_it(&Problem::new(*code)));
        let names: Vec<&str> = codes.map(Code::as_str).collect();
        format!("\n/**\n * {docs}\n */\nexport const {name}: readonly Code[] = {names:?};\n")
    };
    list("PASSING", "What may succeed later as it is, without anybody doing anything.", Problem::is_passing)
        + &list("SIGNED_OUT", "The person's own sign-in has run out.", Problem::is_signed_out)
}

#[derive(Default)]
struct Declarations {
    seen: HashSet<TypeId>,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Types that TypeScript knows by itself (string, Array) have no file of their own.
        if T::output_path().is_none() || !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        T::visit_dependencies(self);
        // Wasm numbers cross as JavaScript numbers.
        let config = Config::new().with_large_int("number");
        let docs = T::docs().unwrap_or_default();
        let declaration = format!("\n{docs}export {}\n", T::decl(&config));
        self.by_name.insert(T::ident(&config), declaration);
    }
}
