//! Folders as they are shown: the fields of BaseFolderType, in its order.

use std::borrow::Cow;

use roxmltree::Node;

use super::code::Refusal;
use super::field::Value;
use super::id::{Folder, Named};
use super::server::Schema;
use super::store::Mailbox;
use super::xml::{self, Element};

/// FolderClass of a calendar.
pub const CLASS: &str = "IPF.Appointment";

/// What a request wants to see of each folder.
pub struct FolderShape<'a> {
    base: Cow<'a, str>,
    additional: Vec<&'a str>,
    schema: Schema,
}

impl<'a> FolderShape<'a> {
    pub const ID_ONLY: FolderShape<'static> =
        FolderShape { base: Cow::Borrowed("IdOnly"), additional: Vec::new(), schema: Schema::Exchange2007 };

    pub fn read(shape: Option<Node<'a, '_>>, schema: Schema) -> Self {
        let base = shape.and_then(|shape| xml::child_text(shape, "BaseShape")).unwrap_or_default();
        let paths = shape.and_then(|shape| xml::child(shape, "AdditionalProperties"));
        let paths = paths.into_iter().flat_map(xml::elements);
        let additional = paths.filter_map(|path| path.attribute("FieldURI")).collect();
        FolderShape { base: base.trim().to_owned().into(), additional, schema }
    }

    pub fn show(&self, mailbox: &Mailbox, folder: Folder) -> Element {
        let kind = if folder.is_calendar() { "t:CalendarFolder" } else { "t:Folder" };
        let is_shown = |field: &Field| {
            let by_shape = matches!(field.shape, "IdOnly") || self.base == "AllProperties" || self.base == field.shape;
            let is_known = field.uri != "folder:DistinguishedFolderId" || self.schema >= Schema::Exchange2013;
            is_known && (by_shape || self.additional.contains(&field.uri))
        };
        let shown = fields(mailbox, folder).into_iter().filter(is_shown);
        Element::new(kind).children(shown.flat_map(|field| field.value.to_elements(field.name)))
    }
}

/// What a path of a restriction leads to.
///
/// # Errors
/// For a field that folders here do not have.
pub fn value_at(path: Node, mailbox: &Mailbox, folder: Folder) -> Result<Value, Refusal> {
    let uri = path.attribute("FieldURI").unwrap_or_default();
    let field = fields(mailbox, folder).into_iter().find(|field| field.uri == uri);
    field.map(|field| field.value).ok_or_else(|| Refusal::new("ErrorUnsupportedPathForQuery"))
}

struct Field {
    uri: &'static str,
    name: &'static str,
    /// The smallest shape that shows it.
    shape: &'static str,
    value: Value,
}

fn fields(mailbox: &Mailbox, folder: Folder) -> Vec<Field> {
    let id = |name: &'static str, folder: Folder| {
        let id = Named::Folder { mailbox: mailbox.owner.guid, folder }.encode();
        Value::Elements(vec![Element::new(name).attribute("Id", id).attribute("ChangeKey", "AgAAABYAAAA=")])
    };
    let count = |number: usize| Value::Number(i64::try_from(number).unwrap_or(i64::MAX));
    let class = if folder.is_calendar() { CLASS } else { "IPF.Note" };
    let distinguished = folder.distinguished().map_or(Value::Missing, |name| Value::Text(name.to_owned()));
    let field = |name: &'static str, uri, shape, value| Field { uri, name, shape, value };
    vec![
        field("FolderId", "folder:FolderId", "IdOnly", id("t:FolderId", folder)),
        field(
            "ParentFolderId",
            "folder:ParentFolderId",
            "AllProperties",
            id("t:ParentFolderId", mailbox.parent(folder)),
        ),
        field("FolderClass", "folder:FolderClass", "AllProperties", Value::Text(class.to_owned())),
        field("DisplayName", "folder:DisplayName", "Default", Value::Text(mailbox.title(folder).to_owned())),
        field("TotalCount", "folder:TotalCount", "Default", count(mailbox.items_in(folder).count())),
        field("ChildFolderCount", "folder:ChildFolderCount", "Default", count(mailbox.children(folder).len())),
        field("EffectiveRights", "folder:EffectiveRights", "AllProperties", Value::Elements(vec![rights()])),
        field("DistinguishedFolderId", "folder:DistinguishedFolderId", "AllProperties", distinguished),
    ]
}

fn rights() -> Element {
    let rights = ["CreateAssociated", "CreateContents", "CreateHierarchy", "Delete", "Modify", "Read"];
    Element::new("t:EffectiveRights").children(rights.map(|right| Element::new(format!("t:{right}")).text("true")))
}
