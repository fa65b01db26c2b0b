//! ItemShape: which fields of an item an answer shows.

use roxmltree::Node;

use super::code::Refusal;
use super::extended::ExtendedPath;
use super::field::{self, BodyChoice, Dialect, FIELDS, Field, Owner, Shape, View};
use super::item::Item;
use super::xml::{self, Element};

/// What a request wants to see of each item.
#[derive(Clone, Debug)]
pub struct ItemShape {
    base: Shape,
    body: BodyChoice,
    dialect: Dialect,
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
    /// For an extended property that cannot be named, and a field that the reader's schema does not have.
    pub fn read(shape: Option<Node>, dialect: Dialect) -> Result<Self, Refusal> {
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
            dialect,
            additional: Vec::new(),
            extended: Vec::new(),
        };
        let paths = shape.and_then(|shape| xml::child(shape, "AdditionalProperties"));
        for path in paths.into_iter().flat_map(xml::elements) {
            match path.tag_name().name() {
                "FieldURI" => {
                    let uri = path.attribute("FieldURI").unwrap_or_default();
                    if !dialect.schema.has(uri) {
                        return Err(Refusal::new("ErrorInvalidPropertyRequest").about_field(uri));
                    }
                    read.additional.extend(field::by_uri(uri).map(|field| field.uri));
                }
                "ExtendedFieldURI" => read.extended.push(ExtendedPath::read(path)?),
                _ => {}
            }
        }
        Ok(read)
    }

    /// The item as that operation shows it.
    pub fn show(&self, item: &Item, mailbox: &Owner, through: Through) -> Element {
        let view = View { item, mailbox, body: self.body, extended: &self.extended, dialect: self.dialect };
        let shown = FIELDS.iter().filter(|field| self.shows(field) && (field.found || through == Through::Get));
        let shown = shown.flat_map(|field| (field.read)(&view).to_elements(field.name));
        let item = Element::new("t:CalendarItem");
        if !self.dialect.is_grommunio {
            return item.children(shown);
        }
        let mut shown: Vec<Element> = shown.collect();
        shown.reverse();
        item.child(Element::new("t:NotInAnySchema").text("1")).children(shown)
    }

    fn shows(&self, field: &Field) -> bool {
        let is_wanted = field.shape <= self.base || self.additional.contains(&field.uri);
        is_wanted && self.dialect.schema.has(field.name)
    }
}

/// Nothing but the id, as CreateItem and UpdateItem answer.
pub fn id_only(item: &Item, mailbox: &Owner, dialect: Dialect) -> Element {
    let (base, body) = (Shape::IdOnly, BodyChoice::Best);
    let shape = ItemShape { base, body, dialect, additional: Vec::new(), extended: Vec::new() };
    shape.show(item, mailbox, Through::Find)
}
