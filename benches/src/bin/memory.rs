//! How much memory reading takes at its peak, beside the answer itself, for answers of growing length. A program of its
//! own, because counting allocations would slow down the contestants.

use std::alloc::{GlobalAlloc, Layout, System};
use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use bench_ews::{data, fixture};
use blikk_calendar_sync::ews::envelope::read_each;
use blikk_calendar_sync::ews::operation::get_item::GetItem;
use ews::get_item::GetItemResponse;
use ews::soap::Envelope;

#[global_allocator]
static COUNTING: Counting = Counting { now: AtomicUsize::new(0), peak: AtomicUsize::new(0) };

/// The system's allocator, and how many bytes of it are in use.
struct Counting {
    now: AtomicUsize,
    peak: AtomicUsize,
}

impl Counting {
    fn took(&self, bytes: usize) {
        let now = self.now.fetch_add(bytes, Relaxed) + bytes;
        self.peak.fetch_max(now, Relaxed);
    }

    /// The most that `task` had in use at a time, beyond what was in use before.
    fn peak_of<T>(&self, task: impl FnOnce() -> T) -> usize {
        let before = self.now.load(Relaxed);
        self.peak.store(before, Relaxed);
        drop(task());
        self.peak.load(Relaxed) - before
    }
}

// SAFETY: every call is the system allocator's own, with the arguments as they came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.took(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        self.now.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(memory, layout) }
    }

    /// Old and new together, which is what a growing `Vec` takes when it has to move.
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        self.took(size);
        let memory = unsafe { System.realloc(memory, layout, size) };
        self.now.fetch_sub(layout.size(), Relaxed);
        memory
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut rows = Vec::new();
    for items in [100, 1_000, 10_000] {
        let answer = fixture::get_item_answer(items);
        let mut read = 0;
        // As the plugin does it: each message is taken in when it is read, and nothing of it is held after that.
        let mut take_in = |message: Result<Vec<_>, _>| read += message.map_or(0, |items| items.len());
        let ours = COUNTING.peak_of(|| read_each::<GetItem>(answer.as_bytes(), &mut take_in).is_ok());
        let answer = data::with_one_category(&answer);
        let crate_ews = COUNTING.peak_of(|| Envelope::<GetItemResponse>::from_xml_document(answer.as_bytes()));
        assert_eq!(read, items, "not all was read");
        rows.push(serde_json::json!({ "items": items, "bytes": answer.len(), "ours": ours, "crateEws": crate_ews }));
    }
    println!("{}", serde_json::Value::Array(rows));
    Ok(())
}
