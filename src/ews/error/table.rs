//! The table: every ResponseCode of Microsoft's schema in one class, each row with the reason.
//!
//! A row says *what is to be done* ([`Class`]) and *what the person is told* ([`Code`]). Its names stand in one text,
//! with blanks between them, because a slice of names would be twice as many bytes in the plugin. `tests/ews_codes.rs`
//! holds the table against the schema's `ResponseCodeType`, name by name.

use super::Class;
use crate::problem::Code;

pub(super) type Row = (Class, Code, &'static str);

/// The codes that mean more than "not this item".
#[rustfmt::skip]
pub(super) const CODES: &[Row] = &[
    // ---- Wait: nothing was done; come back when the server says (R12) ----------------------------------------------

    // The budget of the account (throttling policy) or the server's own strength is used up.
    (Class::Wait, Code::ExchangeBusy,
        "ErrorServerBusy ErrorServiceUnavailable ErrorExceededConnectionCount ErrorExceededSubscriptionCount \
         ErrorTooManyObjectsOpened ErrorInsufficientResources"),

    // ---- Retry: the same, or half of it, may succeed in a moment ---------------------------------------------------

    // The part of a batch that the server did not begin, because of what happened to an item before it (R13).
    (Class::Retry, Code::ExchangeFailed, "ErrorBatchProcessingStopped"),
    // A server on the way or behind: a domain controller, the mailbox database changing over, a proxy hop.
    (Class::Retry, Code::ExchangeFailed,
        "ErrorADUnavailable ErrorADOperation ErrorClientDisconnected ErrorConnectionFailed \
         ErrorInternalServerTransientError ErrorMailboxFailover ErrorMailboxStoreUnavailable ErrorNotEnoughMemory \
         ErrorNoRespondingCASInDestinationSite ErrorProxyCallFailed ErrorProxyRequestProcessingFailed \
         ErrorProxyTokenExpired ErrorRequestAborted ErrorWebRequestInInvalidState"),
    (Class::Retry, Code::ExchangeTimedOut, "ErrorTimeoutExpired"),
    // The last minutes of a move lock the mailbox; the rest of it nobody notices.
    (Class::Retry, Code::ExchangeMailboxMoving, "ErrorMailboxMoveInProgress"),
    // Two things at once: trouble of the moment, or an item that the server cannot bear. So it is tried again, and
    // then it is this item's fault: a run must not fail for ever because of one corrupt item.
    (Class::Retry, Code::ExchangeItemRefused,
        "ErrorInternalServerError ErrorDataSourceOperation ErrorParsingXMLResponse ErrorProxySoapException \
         ErrorWin32InteropError"),
    // Too much at once: a view of more than two years or a thousand entries (R14), a request that is too long. Whoever
    // asked halves it; the code is what is left when there is nothing to halve any more.
    (Class::Retry, Code::ExchangeTooLarge,
        "ErrorCalendarViewRangeTooBig ErrorExceededFindCountLimit ErrorResultSetTooBig ErrorTimeIntervalTooBig"),
    (Class::Retry, Code::GatewayRequestTooLarge, "ErrorRequestStreamTooBig"),

    // ---- Resync: where we left off is of no use any more; read everything, double nothing (R10) --------------------

    (Class::Resync, Code::ExchangeTokenDead, "ErrorInvalidSyncStateData"),

    // ---- Conflict: it is not what it was when we read it (R15); read, decide again ---------------------------------

    (Class::Conflict, Code::ExchangeItemChanged,
        "ErrorIrresolvableConflict ErrorStaleObject ErrorChangeKeyRequired ErrorChangeKeyRequiredForWriteOperations \
         ErrorInvalidChangeKey ErrorObjectTypeChanged"),
    // A series became shorter or a single event, so that our count of its occurrences (R17) is out of date.
    (Class::Conflict, Code::ExchangeItemChanged,
        "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange ErrorCalendarCannotUseIdForOccurrenceId \
         ErrorCalendarCannotUseIdForRecurringMasterId"),
    // Somebody made the folder that we wanted to make.
    (Class::Conflict, Code::ExchangeItemChanged, "ErrorFolderExists"),

    // ---- Gone: the server's word that this very item, or occurrence, does not exist (R11) --------------------------

    (Class::Gone, Code::ExchangeItemGone,
        "ErrorItemNotFound ErrorCalendarOccurrenceIsDeletedFromRecurrence ErrorCalendarCannotUpdateDeletedItem"),

    // ---- Ask the user: their own mailbox, their own choice ---------------------------------------------------------

    (Class::AskUser, Code::ExchangeMailboxFull, "ErrorQuotaExceeded ErrorMessagePerFolderCountReceiveQuotaExceeded"),
    // The calendar that was chosen is deleted, or is no calendar.
    (Class::AskUser, Code::ExchangeFolderGone,
        "ErrorFolderNotFound ErrorSyncFolderNotFound ErrorSavedItemFolderNotFound ErrorToFolderNotFound \
         ErrorParentFolderNotFound ErrorNoCalendar ErrorInvalidFolderId ErrorInvalidParentFolder \
         ErrorInvalidFolderTypeForOperation ErrorCannotUseItemIdForFolderId \
         ErrorCalendarFolderIsInvalidForCalendarView ErrorCannotCreateCalendarItemInNonCalendarFolder \
         ErrorCannotAccessDeletedPublicFolder"),

    // ---- Ask the administrator: the service account, its rights, the address, the server ---------------------------

    // Not allowed to act as this user. Also while a role that was just given spreads (R24).
    (Class::AskAdministrator, Code::ExchangeImpersonationDenied,
        "ErrorImpersonateUserDenied ErrorImpersonationDenied ErrorImpersonationFailed"),
    // No mailbox, or only an alias, has the address by which we impersonate.
    (Class::AskAdministrator, Code::ExchangeMailboxUnknown,
        "ErrorNonExistentMailbox ErrorNonPrimarySmtpAddress ErrorMissingEmailAddress ErrorInvalidSmtpAddress \
         ErrorInvalidMailbox ErrorInvalidExchangeImpersonationHeaderData ErrorCannotFindUser \
         ErrorMissingExchangePrincipal ErrorInvalidUserPrincipalName ErrorInvalidUserSid \
         ErrorInvalidUserSidMissingUPN ErrorInvalidSid"),
    // The account itself.
    (Class::AskAdministrator, Code::ExchangePasswordExpired, "ErrorPasswordExpired ErrorPasswordChangeRequired"),
    (Class::AskAdministrator, Code::ExchangeAccountDisabled,
        "ErrorAccountDisabled ErrorAccountSuspend ErrorAccountSuspendShowTierUpgrade"),
    (Class::AskAdministrator, Code::ExchangeUnauthorized,
        "ErrorCallerIsInvalidADAccount ErrorInvalidAuthorizationContext ErrorInvalidClientSecurityContext \
         ErrorInvalidProxySecurityContext ErrorInvalidNetworkServiceContext ErrorInvalidSerializedAccessToken \
         ErrorInvalidLogonType ErrorNoOAuthServerAvailableForRequest"),
    // It is known, and may not: rights and policies.
    (Class::AskAdministrator, Code::ExchangeForbidden,
        "ErrorAccessDenied ErrorCreateItemAccessDenied ErrorCreateSubfolderAccessDenied \
         ErrorOrganizationAccessBlocked ErrorPermissionNotAllowedByPolicy ErrorUserNotAllowedByPolicy \
         ErrorProxyGroupSidLimitExceeded ErrorTokenSerializationDenied ErrorUnauthorizedClientAccessTokenRequest"),
    // The mailbox is there, and cannot be used: licence, settings, corruption.
    (Class::AskAdministrator, Code::ExchangeMailboxUnusable,
        "ErrorMailboxConfiguration ErrorMailboxLogonFailed ErrorInvalidLicense ErrorFolderCorrupt \
         ErrorDuplicateLegacyDistinguishedName ErrorADSessionFilter ErrorUnsupportedCulture"),
    // The mailbox lives on a server to which this one cannot pass us on: another address is needed.
    (Class::AskAdministrator, Code::ExchangeWrongServer,
        "ErrorAutoDiscoverFailed ErrorServiceDiscoveryFailed ErrorProxyServiceDiscoveryFailed ErrorCrossSiteRequest \
         ErrorInvalidCrossForestCredentials ErrorLogonAsNetworkServiceFailed ErrorMultiLegacyMailboxAccess \
         ErrorNoApplicableProxyCASServersAvailable ErrorNoDestinationCASDueToKerberosRequirements \
         ErrorNoDestinationCASDueToSSLRequirements ErrorNoDestinationCASDueToVersionMismatch \
         ErrorProxyRequestNotAllowed ErrorLocalServerObjectNotFound ErrorWrongServerVersion \
         ErrorWrongServerVersionDelegate"),
    // None of the versions that we speak; each older one was tried before this is said.
    (Class::AskAdministrator, Code::ExchangeVersionUnknown,
        "ErrorInvalidServerVersion ErrorIncorrectSchemaVersion ErrorInvalidSchemaVersionForMailboxVersion"),

    // ---- Set aside: this event cannot be read or written as it is, and a person can do something about it ----------

    (Class::SetAside, Code::EventRuleNotExpressible,
        "ErrorUnsupportedRecurrence ErrorCalendarInvalidRecurrence ErrorCalendarInvalidDayForWeeklyRecurrence \
         ErrorRecurrenceEndDateTooBig ErrorRecurrenceHasNoOccurrence ErrorOccurrenceTimeSpanTooBig"),
    // An occurrence must stay between its neighbours (R19).
    (Class::SetAside, Code::EventOccurrenceCrosses, "ErrorOccurrenceCrossingBoundary"),
    (Class::SetAside, Code::EventEndsBeforeStart, "ErrorCalendarEndDateIsEarlierThanStartDate"),
    (Class::SetAside, Code::EventZoneUnknown,
        "ErrorTimeZone ErrorCalendarInvalidTimeZone ErrorCalendarInvalidDayForTimeChangePattern"),
    // Longer than five years, or outside the years that Exchange knows.
    (Class::SetAside, Code::EventTimeOutOfRange, "ErrorCalendarDurationIsTooLong ErrorCalendarOutOfRange"),
    (Class::SetAside, Code::EventTooLarge,
        "ErrorMessageSizeExceeded ErrorDataSizeLimitExceeded ErrorAttachmentSizeLimitExceeded \
         ErrorAttachmentNestLevelLimitExceeded"),
    // A meeting is its organiser's.
    (Class::SetAside, Code::EventNotOrganizer, "ErrorCalendarIsNotOrganizer ErrorSentMeetingRequestUpdate"),
    // The store cannot give it whole; saved anew in Outlook it often can.
    (Class::SetAside, Code::EventUnreadable,
        "ErrorItemCorrupt ErrorCorruptData ErrorContentConversionFailed ErrorMimeContentConversionFailed \
         ErrorItemPropertyRequestFailed ErrorUnsupportedMimeConversion"),

    // ---- Our bug: we asked for something that makes no sense -------------------------------------------------------

    // The request as a whole.
    (Class::OurBug, Code::ExchangeRefused,
        "ErrorSchemaValidation ErrorResponseSchemaValidation ErrorInvalidRequest ErrorInvalidArgument \
         ErrorInvalidOperation ErrorMissingArgument ErrorDuplicateSOAPHeader ErrorInvalidManagementRoleHeader \
         ErrorAccessModeSpecified ErrorMoreThanOneAccessModeSpecified ErrorDistinguishedUserNotSupported"),
    // Attributes that decide who gets mail: we always say them (R16).
    (Class::OurBug, Code::ExchangeRefused,
        "ErrorMessageDispositionRequired ErrorSendMeetingInvitationsRequired \
         ErrorSendMeetingInvitationsOrCancellationsRequired ErrorSendMeetingCancellationsRequired \
         ErrorAffectedTaskOccurrencesRequired"),
    // Properties: asked for, set or deleted where that cannot be.
    (Class::OurBug, Code::ExchangeRefused,
        "ErrorInvalidPropertyRequest ErrorInvalidPropertyForOperation ErrorInvalidPropertyForExists \
         ErrorInvalidPropertyAppend ErrorInvalidPropertyDelete ErrorInvalidPropertySet \
         ErrorInvalidPropertyUpdateSentMessage ErrorInvalidExtendedProperty ErrorNoPropertyTagForCustomProperties \
         ErrorUnsupportedPropertyDefinition ErrorUnsupportedMapiPropertyType ErrorUnsupportedTypeForConversion \
         ErrorIncorrectUpdatePropertyCount ErrorUpdatePropertyMismatch"),
    // Searching and paging.
    (Class::OurBug, Code::ExchangeRefused,
        "ErrorInvalidRestriction ErrorRestrictionTooLong ErrorRestrictionTooComplex ErrorQueryFilterTooLong \
         ErrorUnsupportedQueryFilter ErrorUnsupportedPathForQuery ErrorUnsupportedPathForSortGroup \
         ErrorContainsFilterWrongType ErrorInvalidExcludesRestriction ErrorInvalidIndexedPagingParameters \
         ErrorInvalidFractionalPagingParameters ErrorInvalidPagingMaxRows ErrorInvalidTimeInterval \
         ErrorCalendarSeekToConditionNotSupported"),
    // Folders named in the wrong way.
    (Class::OurBug, Code::ExchangeRefused,
        "ErrorParentFolderIdRequired ErrorCannotUseFolderIdForItemId ErrorDuplicateInputFolderNames \
         ErrorNoFolderClassOverride"),
];

/// The codes for which there is no better to do than for one that nobody has heard of: the item is set aside and the
/// others go on. That they are named here changes nothing but what we know; so the plugin leaves their names out.
#[cfg(not(target_arch = "wasm32"))]
#[rustfmt::skip]
pub(super) const LIKE_UNKNOWN: &[&str] = &[
    // This item cannot be saved, changed or deleted; the server does not say more.
    "ErrorItemSave ErrorItemSavePropertyError ErrorPropertyUpdate ErrorPropertyValidationFailure \
     ErrorRequiredPropertyMissing ErrorInvalidValueForProperty ErrorInvalidExtendedPropertyValue \
     ErrorValueOutOfRange ErrorCalendarInvalidAttributeValue ErrorCalendarInvalidPropertyState \
     ErrorCalendarInvalidPropertyValue ErrorCalendarCannotMoveOrCopyOccurrence ErrorCannotDeleteObject \
     ErrorDeleteItemsFailed ErrorMoveCopyFailed ErrorInvalidItemForOperationCreateItem ErrorVirusDetected \
     ErrorVirusMessageDeleted",

    // An id that was one. Ids are kept as they came, so the mailbox was moved to another system, or restored. This is
    // no evidence that anything was deleted!
    "ErrorInvalidId ErrorInvalidIdEmpty ErrorInvalidIdMalformed ErrorInvalidIdMalformedEwsLegacyIdFormat \
     ErrorInvalidIdMonikerTooLong ErrorInvalidIdStoreObjectIdTooLong ErrorInvalidIdXml",

    // From here on: codes of operations that we never call.

    // Folders: changing, moving, emptying, their permissions; managed, public and search folders; retention.
    "ErrorFolderSave ErrorFolderSaveFailed ErrorFolderSavePropertyError ErrorFolderPropertRequestFailed \
     ErrorDeleteDistinguishedFolder ErrorMoveDistinguishedFolder ErrorCannotEmptyFolder \
     ErrorCannotGetSourceFolderPath ErrorCannotSetCalendarPermissionOnNonCalendarFolder \
     ErrorCannotSetNonCalendarPermissionOnCalendarFolder ErrorCannotSetPermissionUnknownEntries \
     ErrorInvalidPermissionSettings ErrorDuplicateUserIdsSpecified ErrorInvalidSecurityDescriptor \
     ErrorGetServerSecurityDescriptorFailed ErrorInvalidUserInfo ErrorCannotSpecifySearchFolderAsSourceFolder \
     ErrorSearchFolderNotInitialized ErrorCreateManagedFolderPartialCompletion ErrorInvalidManagedFolderProperty \
     ErrorInvalidManagedFolderQuota ErrorInvalidManagedFolderSize ErrorManagedFolderAlreadyExists \
     ErrorManagedFolderNotFound ErrorManagedFoldersRootFailure ErrorMissingEmailAddressForManagedFolder \
     ErrorMissingManagedFolderId ErrorNoPublicFolderReplicaAvailable ErrorNoPublicFolderServerAvailable \
     ErrorOperationNotAllowedWithPublicFolderRoot ErrorPublicFolderMailboxDiscoveryFailed \
     ErrorPublicFolderOperationFailed ErrorPublicFolderRequestProcessingFailed ErrorPublicFolderServerNotFound \
     ErrorPublicFolderSyncException ErrorInvalidRetentionTagTypeMismatch ErrorInvalidRetentionTagInvisible \
     ErrorInvalidRetentionTagInheritance ErrorInvalidRetentionTagIdGuid ErrorInvalidRetentionTagNone \
     ErrorCrossMailboxMoveCopy",

    // Answering invitations: never by us (R16).
    "ErrorCalendarIsCancelledForAccept ErrorCalendarIsCancelledForDecline ErrorCalendarIsCancelledForRemove \
     ErrorCalendarIsCancelledForTentative ErrorCalendarIsDelegatedForAccept ErrorCalendarIsDelegatedForDecline \
     ErrorCalendarIsDelegatedForRemove ErrorCalendarIsDelegatedForTentative ErrorCalendarIsOrganizerForAccept \
     ErrorCalendarIsOrganizerForDecline ErrorCalendarIsOrganizerForRemove ErrorCalendarIsOrganizerForTentative \
     ErrorCalendarIsGroupMailboxForAccept ErrorCalendarIsGroupMailboxForDecline \
     ErrorCalendarIsGroupMailboxForTentative ErrorCalendarIsGroupMailboxForSuppressReadReceipt \
     ErrorCalendarMeetingRequestIsOutOfDate ErrorCalendarForwardActionNotAllowed \
     ErrorInvalidItemForOperationAcceptItem ErrorInvalidItemForOperationDeclineItem \
     ErrorInvalidItemForOperationCancelItem ErrorInvalidItemForOperationRemoveItem \
     ErrorInvalidItemForOperationTentative ErrorInvalidReferenceItem ErrorMissingInformationReferenceItemId",

    // Sending mail.
    "ErrorInvalidItemForOperationSendItem ErrorInvalidSendItemSaveSettings ErrorInvalidRecipients \
     ErrorMissingRecipients ErrorInvalidRoutingType ErrorMissingInformationEmailAddress ErrorSendAsDenied \
     ErrorSubmissionQuotaExceeded ErrorMessageSubmissionBlocked ErrorMessageBlocked ErrorExceededMessageLimit \
     ErrorExceededMaxRecipientLimit ErrorExceededMaxRecipientLimitBlock ErrorExceededMessageLimitShowTierUpgrade \
     ErrorExceededMaxRecipientLimitShowTierUpgrade ErrorReadReceiptNotPending ErrorInvalidLikeRequest \
     ErrorMailTipsDisabled ErrorInvalidInternetHeaderChildNodes ErrorNoSenderRestrictionsSettingsFoundInRequest \
     ErrorDuplicateSenderRestrictionsInputFound ErrorSenderRestrictionsUpdateFailed \
     ErrorInvalidReportMessageActionType",

    // Attachments and MIME.
    "ErrorInvalidAttachmentId ErrorInvalidAttachmentSubfilter ErrorInvalidAttachmentSubfilterTextFilter \
     ErrorCannotOpenFileAttachment ErrorInvalidIdNotAnItemAttachmentId ErrorInvalidIdTooManyAttachmentLevels \
     ErrorInvalidItemForOperationCreateItemAttachment ErrorMissingItemForCreateItemAttachment \
     ErrorMimeContentInvalid ErrorMimeContentInvalidBase64String",

    // Contacts, tasks, posts, distribution lists, names, photos.
    "ErrorCannotCreateContactInNonContactFolder ErrorCannotCreatePostItemInNonMailFolder \
     ErrorCannotCreateTaskInNonTaskFolder ErrorCannotDeleteTaskOccurrence ErrorInvalidCompleteDate \
     ErrorInvalidPercentCompleteValue ErrorSentTaskRequestUpdate ErrorInvalidContactEmailAddress \
     ErrorInvalidContactEmailIndex ErrorDistributionListMemberNotExist ErrorInvalidItemForOperationExpandDL \
     ErrorInvalidIdReturnedByResolveNames ErrorInvalidNameForNameResolution ErrorNameResolutionMultipleResults \
     ErrorNameResolutionNoMailbox ErrorNameResolutionNoResults ErrorResolveNamesInvalidFolderType \
     ErrorResolveNamesOnlyOneContactsFolderAllowed ErrorMailRecipientNotFound ErrorRecipientNotFound \
     ErrorInvalidPhotoSize",

    // Restrictions on recipients and attachments, instant search, eDiscovery, archives.
    "ErrorInvalidExpressionTypeForSubFilter ErrorInvalidRecipientSubfilter ErrorInvalidRecipientSubfilterComparison \
     ErrorInvalidRecipientSubfilterOrder ErrorInvalidRecipientSubfilterTextFilter ErrorInvalidSubfilterType \
     ErrorInvalidSubfilterTypeNotAttendeeType ErrorInvalidSubfilterTypeNotRecipientType ErrorUnsupportedSubFilter \
     ErrorContentIndexingNotEnabled ErrorInstantSearchSessionExpired ErrorInstantSearchTimeout \
     ErrorInstantSearchFailed ErrorUnsupportedUserForExecuteSearch ErrorDuplicateExtendedKeywordDefinition \
     ErrorSearchQueryHasTooManyKeywords ErrorSearchTooManyMailboxes ErrorDiscoverySearchesDisabled \
     ErrorMailboxScopeNotAllowedWithoutQueryString ErrorMailboxHoldNotFound ErrorArchiveFolderPathCreation \
     ErrorArchiveMailboxNotEnabled ErrorArchiveMailboxSearchFailed ErrorArchiveMailboxServiceDiscoveryFailed \
     ErrorInvalidItemForOperationArchiveItem ErrorCannotArchiveCalendarContactTaskFolderException \
     ErrorCannotArchiveItemsInPublicFolders ErrorCannotArchiveItemsInArchiveMailbox \
     ErrorGetRemoteArchiveFolderFailed ErrorFindRemoteArchiveFolderFailed ErrorGetRemoteArchiveItemFailed \
     ErrorExportRemoteArchiveItemsFailed",

    // Notifications. When we use them, they will be hints (R25): whatever fails there, SyncFolderItems knows better.
    "ErrorEventNotFound ErrorExpiredSubscription ErrorInvalidPullSubscriptionId ErrorInvalidPushSubscriptionUrl \
     ErrorInvalidSubscription ErrorInvalidSubscriptionRequest ErrorInvalidWatermark ErrorMissedNotificationEvents \
     ErrorNewEventStreamConnectionOpened ErrorProxiedSubscriptionCallFailure ErrorReadEventsFailed \
     ErrorSubscriptionAccessDenied ErrorSubscriptionDelegateAccessNotSupported ErrorSubscriptionNotFound \
     ErrorSubscriptionUnsubscribed ErrorSubscriptionsDisabledForGroup",

    // Free/busy of others, out-of-office, working hours, delegates.
    "ErrorAvailabilityConfigNotFound ErrorFreeBusyGenerationFailed ErrorFreeBusyDLLimitReached \
     ErrorIndividualMailboxLimitReached ErrorInvalidFreeBusyViewType ErrorInvalidMergedFreeBusyInterval \
     ErrorInvalidOrganizationRelationshipForFreeBusy ErrorLegacyMailboxFreeBusyViewTypeNotMerged \
     ErrorMailboxDataArrayEmpty ErrorMailboxDataArrayTooBig ErrorMeetingSuggestionGenerationFailed \
     ErrorNoFreeBusyAccess ErrorInvalidOofParameter ErrorInvalidScheduledOofDuration ErrorInvalidUserOofSettings \
     ErrorUnableToGetUserOofSettings ErrorWorkingHoursSaveFailed ErrorWorkingHoursXmlMalformed \
     ErrorInvalidAccessLevel ErrorAddDelegatesFailed ErrorDelegateAlreadyExists ErrorDelegateCannotAddOwner \
     ErrorDelegateMissingConfiguration ErrorDelegateNoUser ErrorDelegateValidationFailed \
     ErrorInvalidDelegatePermission ErrorInvalidDelegateUserId ErrorMissingUserIdInformation ErrorNotDelegate \
     ErrorRemoveDelegatesFailed ErrorUpdateDelegatesFailed",

    // Sharing between organisations.
    "ErrorAddressSpaceNotFound ErrorEmailAddressMismatch ErrorInvalidExternalSharingInitiator \
     ErrorInvalidExternalSharingSubscriber ErrorInvalidFederatedOrganizationId \
     ErrorInvalidFederationOrganizationIdentifier ErrorInvalidGetSharingFolderRequest ErrorInvalidSharingData \
     ErrorInvalidSharingMessage ErrorMissingInformationSharingFolderId ErrorNotAllowedExternalSharingByPolicy \
     ErrorNotSupportedSharingMessage ErrorOrganizationNotFederated ErrorSharingNoExternalEwsAvailable \
     ErrorSharingSynchronizationFailed ErrorTargetDomainNotSupported ErrorUserWithoutFederatedProxyAddress",

    // Rules, conversations, message tracking, sweeping, tokens for other clients.
    "ErrorApplyConversationActionFailed ErrorInboxRulesValidationError ErrorOutlookRuleBlobExists \
     ErrorRulesOverQuota ErrorMessageTrackingNoSuchDomain ErrorMessageTrackingPermanentError \
     ErrorMessageTrackingTransientError ErrorInvalidBulkActionType ErrorInvalidKeepNCount ErrorInvalidKeepNType \
     ErrorInvalidSweepRule ErrorInvalidSweepRuleOperationType ErrorInvalidClientAccessTokenRequest \
     ErrorClientIntentInvalidStateDefinition ErrorClientIntentNotFound ErrorCannotGetExternalEcpUrl",

    // Team mailboxes, groups, instant messaging contacts.
    "ErrorTeamMailboxActiveToPendingDelete ErrorTeamMailboxErrorUnknown ErrorTeamMailboxFailedSendingNotifications \
     ErrorTeamMailboxNotAuthorizedOwner ErrorTeamMailboxNotFound ErrorTeamMailboxNotLinkedToSharePoint \
     ErrorTeamMailboxUrlValidationFailed ErrorUnexpectedUnifiedGroupsCount \
     ErrorUnifiedGroupAadAuthorizationRequestDenied ErrorUnifiedGroupAliasNamingPolicy \
     ErrorUnifiedGroupAlreadyExists ErrorUnifiedGroupCreationDisabled ErrorUnifiedGroupMailboxAADCreationFailed \
     ErrorUnifiedGroupMailboxAADDeleteFailed ErrorUnifiedGroupMailboxDeleteFailed \
     ErrorUnifiedGroupMailboxNamingPolicy ErrorUnifiedGroupMailboxNotFound ErrorUnifiedGroupMailboxProvisionFailed \
     ErrorUnifiedGroupMailboxUpdateDelayed ErrorUnifiedGroupMailboxUpdatedPartialProperties \
     ErrorUnifiedGroupMailboxUpdateFailed ErrorImContactLimitReached ErrorImGroupDisplayNameAlreadyExists \
     ErrorImGroupLimitReached ErrorInvalidImContactId ErrorInvalidImDistributionGroupSmtpAddress \
     ErrorInvalidImGroupId ErrorUnableToRemoveImContactFromGroup",

    // Telephony, speech, places, weather, add-ins.
    "ErrorDeleteUnifiedMessagingPromptFailed ErrorInvalidPhoneCallId ErrorInvalidPhoneNumber ErrorInvalidSIPUri \
     ErrorIPGatewayNotFound ErrorPhoneNumberNotDialable ErrorPromptPublishingOperationFailed \
     ErrorUMServerUnavailable ErrorUnifiedMessagingDialPlanNotFound ErrorUnifiedMessagingPromptNotFound \
     ErrorUnifiedMessagingReportDataNotFound ErrorUnifiedMessagingRequestFailed ErrorUnifiedMessagingServerNotFound \
     ErrorUserNotUnifiedMessagingEnabled ErrorVoiceMailNotImplemented ErrorNoSpeechDetected \
     ErrorRecognizerNotInstalled ErrorSpeechGrammarError ErrorInvalidLatitude ErrorInvalidLongitude \
     ErrorLocationServicesDisabled ErrorLocationServicesInvalidRequest ErrorLocationServicesRequestFailed \
     ErrorLocationServicesRequestTimedOut ErrorWeatherServiceDisabled ErrorCannotDisableMandatoryExtension \
     ErrorCannotDownloadExtensionManifest ErrorCannotUninstallProvidedExtensions \
     ErrorExtensionAlreadyInstalledForOrg ErrorExtensionNotFound ErrorExtensionsNotAuthorized \
     ErrorInvalidExtensionId ErrorInvalidInternetWebProxyOnLocalServer \
     ErrorMarketPlaceExtensionAlreadyInstalledForOrg ErrorNewerExtensionAlreadyInstalled \
     ErrorNewerMarketPlaceExtensionAlreadyInstalled ErrorNoRbacPermissionToInstallMarketPlaceExtensions \
     ErrorNoRbacPermissionToInstallReadWriteMailboxExtensions",
];
