//! The operations: one file each, request and answer side by side.
//!
//! An [`Operation`] is a request as a value. Its [`Operation::Outcome`] is what one *response message* of the answer
//! carries, so a request cannot be read with another's answer. EWS answers with one message for each thing asked for,
//! in the order asked, and every message succeeds or fails for itself:
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsemessages>. That outer form is
//! read here, once, for all of them.

pub mod create_folder;
pub mod create_item;
pub mod delete_item;
pub mod find_folder;
pub mod find_item;
pub mod get_folder;
pub mod get_item;
pub mod get_server_time_zones;
mod reference;
pub mod sync_folder_items;
pub mod update_item;

use crate::ews::envelope::RequestVersion;
use crate::ews::error::{ResponseCode, ResponseError, back_off};
use crate::ews::item::{CalendarItem, FIELDS, MARKER_FIELDS};
use crate::ews::xml::{Element, Writer};

pub use reference::{FolderId, FolderRef, ItemRef};

mod sealed {
    /// Only the operations of this folder: an answer is read by the code that stands beside its request.
    pub trait Sealed {}
}

/// A request, and how its answer is read.
pub trait Operation: sealed::Sealed {
    /// As it stands in the SOAP body: `GetItem`, answered by `GetItemResponse`.
    const NAME: &'static str;

    /// Whether it changes nothing, so that it may be sent again after an answer got lost.
    const ONLY_READS: bool;

    /// What one message of the answer carries, beside its ResponseCode.
    type Outcome: Default;

    /// Writes the element in the SOAP body, with nothing in it that `version` does not know.
    fn write(&self, version: RequestVersion, xml: &mut Writer);

    /// Reads one part of a message.
    fn read(part: Element<'_, '_>, outcome: &mut Self::Outcome);
}

/// One result for each thing asked for, in that order.
pub type Messages<O> = Vec<Result<<O as Operation>::Outcome, ResponseError>>;

/// Is given one message after the other.
pub type Each<'a, O> = dyn FnMut(Result<<O as Operation>::Outcome, ResponseError>) + 'a;

/// Reads `<m:…Response>` to its end.
pub(super) fn messages<O: Operation>(mut response: Element<'_, '_>, each: &mut Each<'_, O>) {
    while let Some(mut list) = response.child() {
        if list.name() == "ResponseMessages" {
            while let Some(message) = list.child() {
                let mut outcome = O::Outcome::default();
                let result = read_message(message, &mut |part| O::read(part, &mut outcome));
                each(result.map(|()| outcome));
            }
        }
    }
}

/// A message is a failure when it says so (`ResponseClass="Error"`), or when it is a warning, or of no class at all,
/// and has an error's code: `ErrorBatchProcessingStopped` comes as a warning and means that nothing was done (R13).
///
/// `read` is given the parts that are the operation's own. It is no generic parameter, so that this is compiled once.
fn read_message(mut message: Element<'_, '_>, read: &mut dyn FnMut(Element<'_, '_>)) -> Result<(), ResponseError> {
    let class = message.attribute("ResponseClass").unwrap_or_default().into_owned();
    let mut error = ResponseError::default();
    while let Some(part) = message.child() {
        match part.name() {
            "ResponseCode" => error.code = ResponseCode::new(part.text().trim()),
            "MessageText" => error.message = part.text().into_owned(),
            "MessageXml" => error.back_off_milliseconds = back_off(part),
            "DescriptiveLinkKey" => {}
            _ => read(part),
        }
    }
    let is_success = class == "Success" || (class != "Error" && error.code.is_no_error());
    if is_success { Ok(()) } else { Err(error) }
}

/// The items of an `m:Items` (or of anything else that holds items side by side).
fn read_items(mut items: Element<'_, '_>, into: &mut Vec<CalendarItem>) {
    while let Some(item) = items.child() {
        into.push(CalendarItem::read(item));
    }
}

/// How much of each item is wanted.
/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/itemshape>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Id and ChangeKey.
    Ids,
    /// Id and ChangeKey, and what tells an item apart without fetching it: start, kind, our marker. SyncFolderItems
    /// and FindItem can give no more than this reliably (R08).
    Known,
    /// Id and ChangeKey, and where in its series an occurrence belongs.
    Placed,
    /// Every field of [`FIELDS`], the body as text.
    Everything,
}

impl Shape {
    fn write(self, version: RequestVersion, xml: &mut Writer) {
        xml.element("m:ItemShape", &[], |xml| {
            xml.text("t:BaseShape", &[], "IdOnly");
            if self == Shape::Everything {
                xml.text("t:BodyType", &[], "Text");
            }
            if self != Shape::Ids {
                xml.element("t:AdditionalProperties", &[], |xml| self.write_properties(version, xml));
            }
        });
    }

    fn write_properties(self, version: RequestVersion, xml: &mut Writer) {
        match self {
            Shape::Ids => {}
            Shape::Known => {
                xml.empty("t:FieldURI", &[("FieldURI", "calendar:Start")]);
                xml.empty("t:FieldURI", &[("FieldURI", "calendar:CalendarItemType")]);
            }
            Shape::Placed => {
                for uri in ["Start", "End", "OriginalStart", "IsAllDayEvent", "StartTimeZone"] {
                    xml.empty("t:FieldURI", &[("FieldURI", &("calendar:".to_owned() + uri))]);
                }
                return;
            }
            Shape::Everything => {
                let known = FIELDS.iter().filter(|field| field.since <= version);
                for uri in known.filter_map(|field| field.uri) {
                    xml.empty("t:FieldURI", &[("FieldURI", uri)]);
                }
            }
        }
        for field in MARKER_FIELDS {
            field.write_uri(xml);
        }
    }
}
