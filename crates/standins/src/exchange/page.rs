//! A page of what was found: IndexedPageItemView and IndexedPageFolderView, and the attributes of RootFolder.
//!
//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/indexedpageitemview>

use roxmltree::Node;

use super::xml::Element;

pub struct Page<T> {
    pub found: Vec<T>,
    pub total: usize,
    /// A calendar view has none.
    pub next_offset: Option<usize>,
    pub is_last: bool,
}

impl<T> Page<T> {
    /// At most `most`, whatever the view asks for.
    pub fn of(all: Vec<T>, view: Option<Node>, most: usize) -> Self {
        let attribute = |name| view.and_then(|view| view.attribute(name));
        let number = |name| attribute(name).and_then(|text| text.trim().parse::<usize>().ok());
        let limit = number("MaxEntriesReturned").unwrap_or(most).min(most);
        let total = all.len();
        let offset = number("Offset").unwrap_or(0).min(total);
        let found: Vec<T> = match attribute("BasePoint") {
            Some("End") => {
                let mut found: Vec<T> = all.into_iter().rev().skip(offset).take(limit).collect();
                found.reverse();
                found
            }
            _ => all.into_iter().skip(offset).take(limit).collect(),
        };
        let next = offset + found.len();
        Page { found, total, next_offset: Some(next), is_last: next >= total }
    }

    /// RootFolder, around a list with that name.
    pub fn to_element(&self, list: &'static str, show: impl Fn(&T) -> Element) -> Element {
        let mut root = Element::new("m:RootFolder");
        if let Some(offset) = self.next_offset {
            root = root.attribute("IndexedPagingOffset", offset.to_string());
        }
        root.attribute("TotalItemsInView", self.total.to_string())
            .attribute("IncludesLastItemInRange", self.is_last.to_string())
            .child(Element::new(list).children(self.found.iter().map(show)))
    }
}
