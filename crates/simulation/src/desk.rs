//! A calendar as people have it before them, whatever stands behind it: a map in memory, or a whole server.

use blikk_calendar_sync::event::{Event, Exception, OriginalDate};
use blikk_calendar_sync::sync::state::RemoteId;

use crate::calendar::{Fault, MemoryCalendar};

/// One side, as people act on it. What a server does not offer is left undone.
pub trait Desk {
    fn ids(&self) -> Vec<RemoteId>;
    fn event(&self, id: &RemoteId) -> Option<Event>;

    /// `None`: such an event cannot be made here.
    fn add(&self, event: Event) -> Option<RemoteId>;
    fn edit(&self, id: &RemoteId, change: &mut dyn FnMut(&mut Event));
    fn edit_occurrence(&self, id: &RemoteId, date: OriginalDate, exception: Option<Exception>);
    fn remove(&self, id: &RemoteId);
    /// With the original's marker.
    fn copy(&self, id: &RemoteId, title: &str) -> Option<RemoteId>;
    /// Another version, and nothing else.
    fn touch(&self, id: &RemoteId);
    fn kill_tokens(&self);
    /// Out of the calendar and back: another id, the same UID.
    fn move_out_and_back(&self, id: &RemoteId);
    /// The list of changes never tells.
    fn edit_untold(&self, id: &RemoteId, change: &mut dyn FnMut(&mut Event));
    fn remove_untold(&self, id: &RemoteId);

    /// Whether it carries our marker.
    fn is_marked(&self, id: &RemoteId) -> bool;
    /// Whether we were interrupted in writing it.
    fn is_unfinished(&self, id: &RemoteId) -> bool;
    /// How much the engine has written here.
    fn writes(&self) -> u32;
    /// What happens to the engine's next calls.
    fn set_faults(&self, faults: &[Option<Fault>]);

    fn events(&self) -> Vec<Event> {
        self.ids().iter().filter_map(|id| self.event(id)).collect()
    }
}

impl Desk for MemoryCalendar {
    fn ids(&self) -> Vec<RemoteId> {
        self.ids()
    }

    fn event(&self, id: &RemoteId) -> Option<Event> {
        self.event(id)
    }

    fn add(&self, event: Event) -> Option<RemoteId> {
        Some(self.add(event))
    }

    fn edit(&self, id: &RemoteId, change: &mut dyn FnMut(&mut Event)) {
        self.edit(id, change);
    }

    fn edit_occurrence(&self, id: &RemoteId, date: OriginalDate, exception: Option<Exception>) {
        self.edit_occurrence(id, date, exception);
    }

    fn remove(&self, id: &RemoteId) {
        self.remove(id);
    }

    fn copy(&self, id: &RemoteId, title: &str) -> Option<RemoteId> {
        self.copy(id, title)
    }

    fn touch(&self, id: &RemoteId) {
        self.touch(id);
    }

    fn kill_tokens(&self) {
        self.kill_tokens();
    }

    fn move_out_and_back(&self, id: &RemoteId) {
        self.move_out_and_back(id);
    }

    fn edit_untold(&self, id: &RemoteId, change: &mut dyn FnMut(&mut Event)) {
        self.edit_untold(id, change);
    }

    fn remove_untold(&self, id: &RemoteId) {
        self.remove_untold(id);
    }

    fn is_marked(&self, id: &RemoteId) -> bool {
        self.is_marked(id)
    }

    fn is_unfinished(&self, id: &RemoteId) -> bool {
        self.is_unfinished(id)
    }

    fn writes(&self) -> u32 {
        self.writes()
    }

    fn set_faults(&self, faults: &[Option<Fault>]) {
        *self.faults.borrow_mut() = faults.iter().copied().collect();
    }

    fn events(&self) -> Vec<Event> {
        self.events()
    }
}
