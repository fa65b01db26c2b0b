//! What a list of changes may say, and what of it is done.

use std::cell::RefCell;
use std::collections::VecDeque;

use super::*;
use crate::sync::port::{ChangePage, Draft, Removal, Revision};

/// An Exchange that tells these pages and nothing else.
struct Pages(RefCell<VecDeque<ChangePage>>);

impl Calendar for Pages {
    fn side(&self) -> Side {
        Side::Exchange
    }

    async fn changes(&self, _: Option<&Token>) -> Result<ChangePage, Problem> {
        Ok(self.0.borrow_mut().pop_front().expect("a page more"))
    }

    async fn read(&self, _: &[RemoteId]) -> Result<Vec<Reading>, Problem> {
        unreachable!()
    }

    async fn find(&self, _: &[Draft]) -> Result<Vec<Option<Observed>>, Problem> {
        unreachable!()
    }

    async fn create(&self, _: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        unreachable!()
    }

    async fn update(&self, _: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        unreachable!()
    }

    async fn delete(&self, _: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem> {
        unreachable!()
    }

    fn batch_size(&self) -> usize {
        1
    }
}

struct Nobody;

impl Audience for Nobody {
    fn tell(&self, _: Progress) {}

    fn has_cancelled(&self) -> bool {
        false
    }
}

#[tokio::test]
async fn r21_what_is_created_on_one_page_and_changed_or_deleted_on_the_next_is_one_event() {
    let touched = |id: &str, version: &str| Change::Touched { id: RemoteId::new(id), version: Version::new(version) };
    let deleted = |id: &str| Change::Deleted { id: RemoteId::new(id) };
    let pages = [
        vec![touched("a", "1"), touched("b", "1"), touched("c", "1")],
        vec![touched("b", "2"), deleted("a"), touched("d", "1")],
        vec![touched("b", "3")],
    ];
    let last = pages.len() - 1;
    let pages = pages.into_iter().enumerate().map(|(number, changes)| ChangePage {
        changes,
        next: Token::new(number.to_string()),
        more: number < last,
    });
    let pulled = pull(&Pages(RefCell::new(pages.collect())), None, &Nobody).await.unwrap();
    assert_eq!(pulled.changes, [deleted("a"), touched("b", "3"), touched("c", "1"), touched("d", "1")]);
    assert_eq!(pulled.next, Token::new("2"));
}
