//! Inputs worth remembering, tried again: those that are kept in `tests/fuzz_corpus/`, and Exchange's recorded answers.
//!
//! The fuzzer (`cargo xtask fuzz`) looks for inputs that panic, hang or eat memory. This test holds the same code to
//! the same promise in every run, and tighter: memory grows no faster than the input.

#![cfg(not(target_arch = "wasm32"))]

#[path = "../fuzz/src/lib.rs"]
mod tried;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Generous: the slowest takes a few milliseconds, but the machine may be busy and the build is not optimised.
const MOST_TIME: Duration = Duration::from_secs(5);

/// So many bytes may be in use at once for each byte of input, beside [`ANYWAY`].
const BYTES_FOR_A_BYTE: isize = 12;

/// For tables of zones and years, which no input makes larger.
const ANYWAY: isize = 32 * 1024;

#[test]
fn inputs_that_once_were_interesting_are_read_in_little_time_and_memory() {
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz_corpus"));
    let rules = try_all(&files_below(&corpus.join("rrule")), tried::rrule);
    let responses = try_all(&files_below(&corpus.join("response")), tried::response);
    assert!(rules >= 20 && responses >= 16, "{rules} and {responses} inputs: where are they?");
}

#[test]
fn recorded_answers_are_read_in_little_time_and_memory() {
    let samples = files_below(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/ews-samples")));
    if samples.is_empty() {
        println!("skipped: recorded_answers_are_read_in_little_time_and_memory, because shared/ is not here");
        return;
    }
    try_all(&samples, tried::response);
}

#[test]
fn long_inputs_are_read_in_little_time_and_memory() {
    let long = |head: &str, again: &str| [head, &again.repeat(60_000 / again.len())].concat();
    for input in [
        long("RRULE:FREQ=DAILY\nEXDATE:", "20270105T080000Z,"),
        long("RRULE:FREQ=DAILY\nEXDATE;TZID=America/New_York:", "20270105T031500,"),
        long("RRULE:FREQ=YEARLY;BYDAY=", "1MO,"),
        long("RRULE:FREQ=MONTHLY;BYSETPOS=", "1,"),
        long("RRULE:", "A=B;"),
        long("RRULE:", "\n "),
        long("", "EXDATE;TZID=Europe/Stockholm;"),
    ] {
        try_one("RRULE", input.as_bytes(), tried::rrule);
    }
    let items =
        "<CalendarItem><ItemId Id='A'/><Subject>Möte</Subject><Start>2027-01-11T08:00:00Z</Start></CalendarItem>";
    for again in ["<a>", "<a b='", "&#x0;", "<!--", items] {
        let head = "<Envelope><Body><GetItemResponse><ResponseMessages><GetItemResponseMessage><Items>";
        try_one(again, long(head, again).as_bytes(), tried::response);
    }
}

fn try_all(files: &[PathBuf], try_input: fn(&[u8])) -> usize {
    for file in files {
        let input = std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        try_one(&file.display().to_string(), &input, try_input);
    }
    files.len()
}

fn try_one(name: &str, input: &[u8], try_input: fn(&[u8])) {
    let started = Instant::now();
    let peak = peak_memory(|| try_input(input));
    assert!(started.elapsed() < MOST_TIME, "{name} took {:?}", started.elapsed());
    let allowed = ANYWAY + BYTES_FOR_A_BYTE * input.len() as isize;
    assert!(peak <= allowed, "{name}, {} bytes, took {peak} bytes of memory at once", input.len());
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(files_below(&path));
        } else if path.extension().is_some_and(|extension| extension != "tsv") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The most bytes that this thread had in use at once while it worked, beyond those from before.
fn peak_memory(work: impl FnOnce()) -> isize {
    let before = IN_USE.get();
    PEAK.set(before);
    work();
    PEAK.get() - before
}

/// Counts what each thread has in use.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    static IN_USE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    let in_use = IN_USE.get() + bytes;
    IN_USE.set(in_use);
    PEAK.set(PEAK.get().max(in_use));
}

// SAFETY: the system's allocator does all the work and keeps its promises; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(memory, layout) }
    }
}
