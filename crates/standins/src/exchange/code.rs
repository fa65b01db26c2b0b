//! Response codes, with the sentences that Exchange says with them.
//!
//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/responsecode>

use std::borrow::Cow;

use super::xml::Element;

/// Why one item, or a whole request, was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: Cow<'static, str>,
    pub message: Cow<'static, str>,
    /// What stands in MessageXml: values by name (BackOffMilliseconds) or the paths of fields.
    pub details: Vec<Element>,
}

impl Refusal {
    /// A refusal with Exchange's own sentence for that code.
    pub fn new(code: &'static str) -> Self {
        Refusal { code: code.into(), message: sentence(code).into(), details: Vec::new() }
    }

    pub fn saying(code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Refusal { code: code.into(), message: message.into(), details: Vec::new() }
    }

    #[must_use]
    pub fn with_detail(mut self, detail: Element) -> Self {
        self.details.push(detail);
        self
    }

    /// The field that was to blame, as Exchange names it in MessageXml.
    #[must_use]
    pub fn about_field(self, uri: &str) -> Self {
        self.with_detail(Element::new("t:FieldURI").attribute("FieldURI", uri))
    }
}

/// Codes after which Exchange gives the rest of a batch up
/// (<https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/responsecode>,
/// ErrorBatchProcessingStopped, gives examples; that ErrorServerBusy is one of them is a judgement).
const STOPPING: [&str; 12] = [
    "ErrorAccessDenied",
    "ErrorAccountDisabled",
    "ErrorADUnavailable",
    "ErrorADOperation",
    "ErrorConnectionFailed",
    "ErrorMailboxStoreUnavailable",
    "ErrorMailboxMoveInProgress",
    "ErrorPasswordChangeRequired",
    "ErrorPasswordExpired",
    "ErrorQuotaExceeded",
    "ErrorInsufficientResources",
    "ErrorServerBusy",
];

impl Refusal {
    pub fn stops_the_batch(&self) -> bool {
        STOPPING.contains(&self.code.as_ref())
    }
}

fn sentence(code: &str) -> &'static str {
    match code {
        "ErrorAccessDenied" => "Access is denied. Check credentials and try again.",
        "ErrorCalendarCannotUseIdForOccurrenceId" => "Id must be that of an occurrence of a recurring calendar item.",
        "ErrorCalendarCannotUseIdForRecurringMasterId" => "Id must be that of a recurring master calendar item.",
        "ErrorCalendarEndDateIsEarlierThanStartDate" => "EndDate is earlier than StartDate",
        "ErrorCalendarInvalidDayForWeeklyRecurrence" => {
            "Day, Weekday and WeekendDay are not valid days of a weekly recurrence."
        }
        "ErrorCalendarInvalidTimeZone" => "The time zone definition is not valid.",
        "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange" => "Occurrence index is out of recurrence range.",
        "ErrorCalendarOccurrenceIsDeletedFromRecurrence" => "The occurrence has been deleted from the recurrence.",
        "ErrorCalendarOutOfRange" => "The value of a recurrence property is out of range.",
        "ErrorCalendarViewRangeTooBig" => "The specified view range exceeds the maximum range of two years.",
        "ErrorChangeKeyRequired" | "ErrorChangeKeyRequiredForWriteOperations" => {
            "A change key is required for this operation."
        }
        "ErrorBatchProcessingStopped" => {
            "An internal server error occurred. Try again later. The remaining items were not processed."
        }
        "ErrorExceededConnectionCount" => {
            "You have exceeded the available concurrent connections for your account. Try again once your other requests \
             have completed."
        }
        "ErrorExceededFindCountLimit" => {
            "You have exceeded the maximum number of objects that can be returned for the find operation."
        }
        "ErrorCalendarFolderIsInvalidForCalendarView" => "The folder is not a calendar folder.",
        "ErrorCannotCreateCalendarItemInNonCalendarFolder" => "Calendar items can only be created in calendar folders.",
        "ErrorFolderExists" => "A folder with the specified name already exists.",
        "ErrorFolderSavePropertyError" => "The folder has no name.",
        "ErrorObjectTypeChanged" => "The object type changed.",
        "ErrorParentFolderIdRequired" => "The parent folder is missing.",
        "ErrorParentFolderNotFound" => "The parent folder could not be found.",
        "ErrorFolderNotFound" | "ErrorSyncFolderNotFound" => "The specified folder could not be found in the store.",
        "ErrorImpersonateUserDenied" => "The account does not have permission to impersonate the requested user.",
        "ErrorIncorrectUpdatePropertyCount" => {
            "An object within a change description must contain one and only one property to modify."
        }
        "ErrorInvalidChangeKey" => "The change key is invalid.",
        "ErrorInvalidId" | "ErrorInvalidIdMalformed" => "Id is malformed.",
        "ErrorInvalidIdEmpty" => "Id must be non-empty.",
        "ErrorInvalidPropertyAppend" => "Property does not support appending.",
        "ErrorInvalidPropertyDelete" => "Deletion is not supported for this property.",
        "ErrorInvalidPropertyRequest" => "Property is not valid for this object type.",
        "ErrorInvalidPropertySet" => "Set action is invalid for property.",
        "ErrorInvalidServerVersion" => "The specified server version is invalid.",
        "ErrorInvalidSyncStateData" => "Synchronization state data is corrupt or otherwise invalid.",
        "ErrorIrresolvableConflict" => {
            "The send or update operation could not be performed because the change key passed in the request does not \
             match the current change key for the item."
        }
        "ErrorItemNotFound" => "The specified object was not found in the store.",
        "ErrorItemCorrupt" => "The item is corrupt.",
        "ErrorMissingEmailAddress" => {
            "When making a request as an account that does not have a mailbox, you must specify the mailbox primary \
             SMTP address for any distinguished folder Ids."
        }
        "ErrorNonExistentMailbox" => "The SMTP address has no mailbox associated with it.",
        "ErrorOccurrenceCrossingBoundary" => "Modified occurrence is crossing or overlapping adjacent occurrence.",
        "ErrorOccurrenceTimeSpanTooBig" => {
            "One occurrence of the recurring calendar item overlaps with another occurrence of the same calendar item."
        }
        "ErrorRecurrenceEndDateTooBig" => "The end date of the recurrence is too far in the future.",
        "ErrorRecurrenceHasNoOccurrence" => "The recurrence has no occurrence.",
        "ErrorPropertyValidationFailure" => "At least one property failed validation.",
        "ErrorSendMeetingCancellationsRequired" => "SendMeetingCancellations attribute is required for calendar items.",
        "ErrorSendMeetingInvitationsRequired" => "SendMeetingInvitations attribute is required for calendar items.",
        "ErrorSendMeetingInvitationsOrCancellationsRequired" => {
            "SendMeetingInvitationsOrCancellations attribute is required for calendar items."
        }
        "ErrorServerBusy" => "The server cannot service this request right now. Try again later.",
        "ErrorTimeZone" => "The specified time zone isn't valid.",
        "ErrorUpdatePropertyMismatch" => {
            "Update for the property failed: the path and the property that was supplied do not match."
        }
        _ => "An error occurred.",
    }
}
