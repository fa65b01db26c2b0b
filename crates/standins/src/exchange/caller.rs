//! Whose mailbox a request is about, and which of the things it names that caller may see.

use roxmltree::Node;

use super::code::Refusal;
use super::id::{Folder, Guid, Named};
use super::soap::Header;
use super::state::State;
use super::store::Place;
use super::xml;

/// The account that a request runs as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The service account itself: it has no mailbox, and no rights in anybody's (R24).
    ServiceAccount,
    /// The owner of that mailbox, impersonated.
    Owner(String),
}

impl Caller {
    /// # Errors
    /// The SOAP fault, when the account may not impersonate, or there is nobody of that name.
    pub fn identify(state: &State, header: &Header) -> Result<Self, Refusal> {
        let Some(address) = &header.impersonated else { return Ok(Caller::ServiceAccount) };
        if !state.may_impersonate {
            return Err(Refusal::new("ErrorImpersonateUserDenied"));
        }
        let mailbox = state.mailbox(address).ok_or_else(|| Refusal::new("ErrorNonExistentMailbox"))?;
        Ok(Caller::Owner(mailbox.owner.address.clone()))
    }

    /// The calendar that a FolderId or DistinguishedFolderId names, and the owner of its mailbox.
    ///
    /// # Errors
    /// The code for this response message; `no_calendar` for a folder of another kind.
    pub fn calendar(&self, state: &State, id: Node, no_calendar: &'static str) -> Result<(String, Folder), Refusal> {
        match self.folder(state, id)? {
            (owner, folder) if folder.is_calendar() => Ok((owner, folder)),
            _ => Err(Refusal::saying(no_calendar, "On this server only calendars have items.")),
        }
    }

    /// The folder that an id names, and the owner of its mailbox.
    ///
    /// # Errors
    /// The code for this response message.
    pub fn folder(&self, state: &State, id: Node) -> Result<(String, Folder), Refusal> {
        let not_found = || Refusal::new("ErrorFolderNotFound");
        let text = id.attribute("Id").unwrap_or_default();
        let (owner, folder) = match id.tag_name().name() {
            "FolderId" => folder_by_id(state, text)?,
            "DistinguishedFolderId" => {
                let folder = Folder::by_distinguished(text).ok_or_else(not_found)?;
                (self.distinguished_owner(state, id)?, folder)
            }
            _ => return Err(not_found()),
        };
        match self {
            Caller::Owner(address) if address.eq_ignore_ascii_case(&owner) => Ok((owner, folder)),
            // A folder that one has no rights to is a folder that is not there.
            _ => Err(not_found()),
        }
    }

    fn distinguished_owner(&self, state: &State, folder: Node) -> Result<String, Refusal> {
        match (xml::descend(folder, &["Mailbox", "EmailAddress"]), self) {
            (Some(address), _) => {
                let mailbox = state.mailbox(xml::text(address).trim());
                mailbox
                    .map(|mailbox| mailbox.owner.address.clone())
                    .ok_or_else(|| Refusal::new("ErrorNonExistentMailbox"))
            }
            (None, Caller::Owner(address)) => Ok(address.clone()),
            (None, Caller::ServiceAccount) => Err(Refusal::new("ErrorMissingEmailAddress")),
        }
    }

    /// What an ItemId, OccurrenceItemId or RecurringMasterItemId names, and the owner of its mailbox.
    ///
    /// # Errors
    /// The code for this response message.
    pub fn item(&self, state: &State, id: Node) -> Result<(String, Place), Refusal> {
        let not_found = || Refusal::new("ErrorItemNotFound");
        let kind = id.tag_name().name();
        let text = match kind {
            "OccurrenceItemId" => id.attribute("RecurringMasterId"),
            "RecurringMasterItemId" => id.attribute("OccurrenceId"),
            _ => id.attribute("Id"),
        };
        let (guid, named) = decode_place(text.unwrap_or_default())?;
        let Caller::Owner(address) = self else { return Err(not_found()) };
        let mailbox = state.mailbox(address).filter(|own| own.owner.guid == guid).ok_or_else(not_found)?;
        let stored = mailbox.items.get(&named.key).ok_or_else(not_found)?;
        let place = match (kind, named.date) {
            ("OccurrenceItemId", Some(_)) => {
                return Err(Refusal::new("ErrorCalendarCannotUseIdForRecurringMasterId"));
            }
            ("OccurrenceItemId", None) => {
                let index = id.attribute("InstanceIndex").and_then(|index| index.trim().parse().ok());
                let instance = stored.instance_at(index.unwrap_or_default())?;
                Place { date: instance.instance.map(|instance| instance.date), ..named }
            }
            ("RecurringMasterItemIdRanges", _) if named.date.is_some() || stored.content.recurrence.is_none() => {
                return Err(Refusal::new("ErrorCalendarCannotUseIdForRecurringMasterId"));
            }
            ("RecurringMasterItemId", None) => return Err(Refusal::new("ErrorCalendarCannotUseIdForOccurrenceId")),
            ("RecurringMasterItemId", Some(_)) => Place { date: None, ..named },
            _ => named,
        };
        mailbox.find(place).map(|_| (address.clone(), place)).ok_or_else(not_found)
    }
}

fn decode_place(id: &str) -> Result<(Guid, Place), Refusal> {
    match Named::decode(id) {
        Some(Named::Item { mailbox, key }) => Ok((mailbox, Place { key, date: None })),
        Some(Named::Instance { mailbox, key, date }) => Ok((mailbox, Place { key, date: Some(date) })),
        _ if id.is_empty() => Err(Refusal::new("ErrorInvalidIdEmpty")),
        _ => Err(Refusal::new("ErrorInvalidIdMalformed")),
    }
}

fn folder_by_id(state: &State, id: &str) -> Result<(String, Folder), Refusal> {
    let malformed = if id.is_empty() { "ErrorInvalidIdEmpty" } else { "ErrorInvalidIdMalformed" };
    let Some(Named::Folder { mailbox, folder }) = Named::decode(id) else { return Err(Refusal::new(malformed)) };
    let owner = state.mailboxes.values().find(|candidate| candidate.owner.guid == mailbox);
    let owner = owner.filter(|owner| owner.has_folder(folder)).ok_or_else(|| Refusal::new("ErrorFolderNotFound"))?;
    Ok((owner.owner.address.clone(), folder))
}
