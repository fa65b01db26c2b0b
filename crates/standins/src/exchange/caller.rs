//! Whose mailbox a request is about, and which of the things it names that caller may see.

use roxmltree::Node;

use super::code::Refusal;
use super::id::Named;
use super::soap::Header;
use super::state::State;
use super::store::Mailbox;
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

    /// The mailbox whose calendar a FolderId or DistinguishedFolderId names.
    ///
    /// # Errors
    /// The code for this response message.
    pub fn calendar(&self, state: &State, folder: Node) -> Result<String, Refusal> {
        let named = match folder.tag_name().name() {
            "FolderId" => self.calendar_by_id(state, folder.attribute("Id").unwrap_or_default())?,
            "DistinguishedFolderId" if folder.attribute("Id") == Some("calendar") => {
                self.distinguished_owner(state, folder)?
            }
            _ => return Err(Refusal::new("ErrorFolderNotFound")),
        };
        match self {
            Caller::Owner(address) if address.eq_ignore_ascii_case(&named) => Ok(named),
            // A folder that one has no rights to is a folder that is not there.
            _ => Err(Refusal::new("ErrorFolderNotFound")),
        }
    }

    fn calendar_by_id(&self, state: &State, id: &str) -> Result<String, Refusal> {
        let malformed = if id.is_empty() { "ErrorInvalidIdEmpty" } else { "ErrorInvalidIdMalformed" };
        let Some(Named::CalendarFolder { mailbox }) = Named::decode(id) else { return Err(Refusal::new(malformed)) };
        let owner = state.mailboxes.values().find(|candidate| candidate.owner.guid == mailbox);
        owner.map(|mailbox| mailbox.owner.address.clone()).ok_or_else(|| Refusal::new("ErrorFolderNotFound"))
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

    /// The item that an ItemId names: its owner and its number.
    ///
    /// # Errors
    /// The code for this response message.
    pub fn item(&self, state: &State, item_id: Node) -> Result<(String, u64), Refusal> {
        if item_id.tag_name().name() != "ItemId" {
            return Err(Refusal::saying("ErrorInvalidOperation", "Occurrences cannot be named on this server yet."));
        }
        let id = item_id.attribute("Id").unwrap_or_default();
        let malformed = if id.is_empty() { "ErrorInvalidIdEmpty" } else { "ErrorInvalidIdMalformed" };
        let Some(Named::Item { mailbox, key }) = Named::decode(id) else { return Err(Refusal::new(malformed)) };
        let Caller::Owner(address) = self else { return Err(Refusal::new("ErrorItemNotFound")) };
        let holds = |own: &&Mailbox| own.owner.guid == mailbox && own.items.contains_key(&key);
        let found = state.mailbox(address).filter(holds);
        found.map(|_| (address.clone(), key)).ok_or_else(|| Refusal::new("ErrorItemNotFound"))
    }
}
