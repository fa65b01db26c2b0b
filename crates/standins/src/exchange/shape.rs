//! ItemShape: which fields of an item an answer shows.

use roxmltree::Node;

use super::code::Refusal;
use super::extended::ExtendedPath;
use super::field::{self, BodyChoice, FIELDS, Field, Owner, Shape, View};
use super::item::Item;
use super::xml::{self, Element};

/// What a request wants to see of each item.
#[derive(Clone, Debug)]
pub struct ItemShape {
    base: Shape,
    body: BodyChoice,
    additional: Vec<&'static str>,
    extended: Vec<ExtendedPath>,
}

/// Which operation shows the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    Get,
    /// FindItem and SyncFolderItems, which give fewer fields (R08).
    Find,
}

impl ItemShape {
    /// # Errors
    /// For an extended property that cannot be named.
    pub fn read(shape: Option<Node>) -> Result<Self, Refusal> {
        let word = |name| shape.and_then(|shape| xml::child_text(shape, name)).unwrap_or_default();
        let mut read = ItemShape {
            base: match word("BaseShape").trim() {
                "AllProperties" => Shape::AllProperties,
                "Default" => Shape::Default,
                _ => Shape::IdOnly,
            },
            body: match word("BodyType").trim() {
                "Text" => BodyChoice::Text,
                "HTML" => BodyChoice::Html,
                _ => BodyChoice::Best,
            },
            additional: Vec::new(),
            extended: Vec::new(),
        };
        let paths = shape.and_then(|shape| xml::child(shape, "AdditionalProperties"));
        for path in paths.into_iter().flat_map(xml::elements) {
            match path.tag_name().name() {
                "FieldURI" => {
                    let field = path.attribute("FieldURI").and_then(field::by_uri);
                    read.additional.extend(field.map(|field| field.uri));
                }
                "ExtendedFieldURI" => read.extended.push(ExtendedPath::read(path)?),
                _ => {}
            }
        }
        Ok(read)
    }

    /// The item as that operation shows it.
    pub fn show(&self, item: &Item, mailbox: &Owner, through: Through) -> Element {
        let view = View { item, mailbox, body: self.body, extended: &self.extended };
        let shown = FIELDS.iter().filter(|field| self.shows(field) && (field.found || through == Through::Get));
        Element::new("t:CalendarItem").children(shown.flat_map(|field| (field.read)(&view).to_elements(field.name)))
    }

    fn shows(&self, field: &Field) -> bool {
        field.shape <= self.base || self.additional.contains(&field.uri)
    }
}

/// Nothing but the id, as CreateItem and UpdateItem answer.
pub fn id_only(item: &Item, mailbox: &Owner) -> Element {
    let shape = ItemShape { base: Shape::IdOnly, body: BodyChoice::Best, additional: Vec::new(), extended: Vec::new() };
    shape.show(item, mailbox, Through::Find)
}
