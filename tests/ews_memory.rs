//! What reading an answer holds in memory grows with the largest item, not with the answer.

#![cfg(not(target_arch = "wasm32"))]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use blikk_calendar_sync::ews::envelope::{read, read_each};
use blikk_calendar_sync::ews::operation::get_item::GetItem;

/// Counts the bytes that are held, and the most that ever were. There is one test in this file, so that nobody else
/// allocates meanwhile.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is done by the system's allocator; beside it only numbers are counted.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(HELD.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: as we were called.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as we were called.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most that is held while something runs, beyond what was held before.
fn peak_of<T>(run: impl FnOnce() -> T) -> (usize, T) {
    let before = HELD.load(Relaxed);
    PEAK.store(before, Relaxed);
    let result = run();
    (PEAK.load(Relaxed) - before, result)
}

const LARGE: usize = 100_000;

/// `count` items with a body of a thousand characters, and one in their middle with [`LARGE`].
fn answer(count: usize) -> String {
    let item = |index: usize| {
        let body = "å & ö ".repeat(if index == count / 2 { LARGE / 8 } else { 1000 / 8 }).replace('&', "&amp;");
        format!(
            "<m:GetItemResponseMessage ResponseClass=\"Success\"><m:ResponseCode>NoError</m:ResponseCode><m:Items>\
             <t:CalendarItem><t:ItemId Id=\"AAMk{index}=\" ChangeKey=\"DwAA{index}\"/><t:Subject>Möte {index}</t:Subject>\
             <t:Body BodyType=\"Text\">{body}</t:Body><t:Start>2027-03-01T08:00:00Z</t:Start>\
             <t:End>2027-03-01T09:00:00Z</t:End></t:CalendarItem></m:Items></m:GetItemResponseMessage>"
        )
    };
    let items: String = (0..count).map(item).collect();
    format!(
        "<s:Envelope><s:Body><m:GetItemResponse><m:ResponseMessages>{items}</m:ResponseMessages></m:GetItemResponse>\
         </s:Body></s:Envelope>"
    )
}

#[test]
fn an_answer_of_ten_thousand_items_holds_no_more_than_its_largest() {
    let peaks = [100, 10_000].map(|count| {
        let answer = answer(count);
        let mut seen = 0;
        let (peak, result) = peak_of(|| {
            read_each::<GetItem>(answer.as_bytes(), &mut |message| {
                seen += message.unwrap()[0].id.as_ref().map_or(0, |_| 1);
            })
        });
        assert!(result.is_ok());
        assert_eq!(seen, count);
        println!("{count} items, {} bytes: {peak} bytes held", answer.len());
        peak
    });
    // The ids of a large answer are a few letters longer.
    assert!(peaks[1] < peaks[0] + 100 && peaks[1] < 3 * LARGE, "{peaks:?}");

    // The measure can fail: whoever collects holds everything.
    let answer = answer(10_000);
    let (peak, _) = peak_of(|| read::<GetItem>(answer.as_bytes()).map(|answer| answer.messages.len()));
    println!("collected: {peak} bytes held");
    assert!(peak > answer.len() / 2, "{peak}");
}
