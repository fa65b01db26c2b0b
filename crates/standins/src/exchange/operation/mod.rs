//! The operations, one file each, and what their answers have in common.

use chrono::{DateTime, Utc};
use roxmltree::Node;

use super::caller::Caller;
use super::code::Refusal;
use super::field::Dialect;
use super::schema;
use super::server::Schema;
use super::soap::{Envelope, Header};
use super::state::State;
use super::store::Place;
use super::xml::{self, Element, MESSAGES, TYPES};
use super::zone::Zone;
use crate::fault::Fault;

mod convert_id;
mod create_folder;
mod create_item;
mod delete_item;
mod find_folder;
mod find_item;
mod get_folder;
mod get_item;
mod get_server_time_zones;
mod sync_folder_items;
mod update_item;

/// What every operation works with.
pub struct Call<'a> {
    pub state: &'a mut State,
    pub caller: Caller,
    /// What the request says that it understands.
    pub schema: Schema,
    /// For times without an offset.
    pub zone: Zone,
    pub now: DateTime<Utc>,
}

impl Call<'_> {
    /// How what is shown of an item depends on who shows it to whom.
    fn dialect(&self) -> Dialect {
        Dialect { schema: self.schema, is_grommunio: self.state.server.is_grommunio() }
    }

    /// # Errors
    /// ErrorInvalidPropertyRequest for a property, or a value of one, that the request's own version does not have.
    fn check_age(&self, property: Node) -> Result<(), Refusal> {
        let name = property.tag_name().name();
        let is_known = |node: Node| self.schema.has(node.tag_name().name());
        let has_value = name != "LegacyFreeBusyStatus" || self.schema.has(xml::text(property).trim());
        if has_value && property.descendants().filter(Node::is_element).all(is_known) {
            return Ok(());
        }
        Err(Refusal::new("ErrorInvalidPropertyRequest").about_field(name))
    }

    /// Whether a change of it is one that SyncFolderItems tells of.
    fn tells_of(&self, place: Place) -> bool {
        place.date.is_none() || !self.state.server.is_grommunio()
    }

    /// The name that LastModifiedName gets.
    fn caller_name(&self) -> String {
        match &self.caller {
            Caller::Owner(address) => {
                self.state.mailbox(address).map_or_else(String::new, |mailbox| mailbox.owner.name.clone())
            }
            Caller::ServiceAccount => self.state.account.user.clone(),
        }
    }
}

/// Carries out one request and gives the element that answers it.
///
/// # Errors
/// A refusal of the whole request, to be sent as a SOAP fault.
pub fn carry_out(
    state: &mut State,
    envelope: &Envelope,
    fault: Option<&Fault>,
    now: DateTime<Utc>,
) -> Result<Element, Refusal> {
    let request = envelope.operation;
    let name = request.tag_name().name();
    let answer: fn(Node, &mut Call) -> Vec<Element> = match name {
        "FindFolder" => find_folder::answer,
        "CreateFolder" => create_folder::answer,
        "GetFolder" => get_folder::answer,
        "SyncFolderItems" => sync_folder_items::answer,
        "GetItem" => get_item::answer,
        "FindItem" => find_item::answer,
        "CreateItem" => create_item::answer,
        "UpdateItem" => update_item::answer,
        "DeleteItem" => delete_item::answer,
        "GetServerTimeZones" => get_server_time_zones::answer,
        "ConvertId" => convert_id::answer,
        _ => {
            let message = format!("This server does not carry out the operation '{name}'.");
            return Err(Refusal::saying("ErrorInvalidRequest", message));
        }
    };
    schema::validate(request, state.server.version.schema())?;
    let header = Header::read(envelope.header, &state.server)?;
    let caller = Caller::identify(state, &header)?;
    let messages = match fault {
        Some(Fault::ResponseCode { response_code }) => {
            let refusal = Refusal::saying(response_code.clone(), "A response code that a test asked for.");
            // An operation without a list of things asked for gets one message too.
            (0..asked_for(request).count().max(1)).map(|_| error(name, &refusal)).collect()
        }
        _ => answer(request, &mut Call { state, caller, schema: header.schema, zone: header.zone, now }),
    };
    let response = Element::new(format!("m:{name}Response")).attribute("xmlns:m", MESSAGES).attribute("xmlns:t", TYPES);
    Ok(response.child(Element::new("m:ResponseMessages").children(messages)))
}

/// What a request gets one response message each for.
fn asked_for<'a, 'input>(request: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    let lists =
        ["FolderIds", "ParentFolderIds", "ItemIds", "Items", "ItemChanges", "SyncFolderId", "SourceIds", "Folders"];
    xml::elements(request).filter(move |child| lists.contains(&child.tag_name().name())).flat_map(xml::elements)
}

/// One response message for each of `asked`. After a refusal that is likely to befall the others too, the rest of the
/// batch is not carried out and gets a warning (R13).
fn each<'a, 'input: 'a, 'call>(
    operation: &str,
    asked: impl Iterator<Item = Node<'a, 'input>>,
    call: &mut Call<'call>,
    mut carry_out: impl FnMut(Node<'a, 'input>, &mut Call<'call>) -> Result<Element, Refusal>,
) -> Vec<Element> {
    let mut is_stopped = false;
    let messages = asked.map(|node| {
        if is_stopped {
            return not_success("Warning", operation, &Refusal::new("ErrorBatchProcessingStopped"));
        }
        carry_out(node, call).unwrap_or_else(|refusal| {
            is_stopped = refusal.stops_the_batch();
            error(operation, &refusal)
        })
    });
    messages.collect()
}

fn success(operation: &str) -> Element {
    let message = Element::new(format!("m:{operation}ResponseMessage")).attribute("ResponseClass", "Success");
    message.child(Element::new("m:ResponseCode").text("NoError"))
}

fn error(operation: &str, refusal: &Refusal) -> Element {
    not_success("Error", operation, refusal)
}

/// What went wrong with one item in the midst of others, with the empty elements that Exchange sends along.
fn not_success(class: &str, operation: &str, refusal: &Refusal) -> Element {
    let mut message = Element::new(format!("m:{operation}ResponseMessage"))
        .attribute("ResponseClass", class)
        .child(Element::new("m:MessageText").text(refusal.message.clone()))
        .child(Element::new("m:ResponseCode").text(refusal.code.clone()))
        .child(Element::new("m:DescriptiveLinkKey").text("0"));
    if !refusal.details.is_empty() {
        message = message.child(Element::new("m:MessageXml").children(refusal.details.iter().cloned()));
    }
    match operation {
        "GetItem" | "CreateItem" | "UpdateItem" => message.child(Element::new("m:Items")),
        "GetFolder" | "CreateFolder" => message.child(Element::new("m:Folders")),
        "SyncFolderItems" => {
            message.child(Element::new("m:SyncState")).child(Element::new("m:IncludesLastItemInRange").text("true"))
        }
        _ => message,
    }
}
