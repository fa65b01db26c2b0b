//! Which server this is: its version, its temper, and how much it bears.

use serde::{Deserialize, Serialize};

use super::budget::Throttling;

/// What differs from one server to the next. Everything can be changed while it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Server {
    pub version: ServerVersion,
    pub temper: Temper,
    /// EwsFindCountLimit: what one FindItem gives at most.
    pub find_count_limit: usize,
    pub throttling: Throttling,
}

impl Default for Server {
    fn default() -> Self {
        Server {
            version: ServerVersion::Exchange2016,
            temper: Temper::Exchange,
            find_count_limit: 1000,
            throttling: Throttling::default(),
        }
    }
}

impl Server {
    pub(super) fn is_grommunio(&self) -> bool {
        self.temper == Temper::Grommunio
    }
}

/// The servers that are still met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerVersion {
    #[serde(rename = "Exchange2010_SP2")]
    Exchange2010Sp2,
    Exchange2013,
    Exchange2016,
}

impl ServerVersion {
    /// The newest schema that it understands.
    pub(super) fn schema(self) -> Schema {
        match self {
            ServerVersion::Exchange2010Sp2 => Schema::Exchange2010Sp2,
            ServerVersion::Exchange2013 => Schema::Exchange2013Sp1,
            ServerVersion::Exchange2016 => Schema::Exchange2016,
        }
    }

    /// MajorVersion, MinorVersion, MajorBuildNumber, MinorBuildNumber and Version of ServerVersionInfo:
    /// 2010 SP2 rollup 8, 2013 CU23, 2016 CU23
    /// (<https://learn.microsoft.com/en-us/exchange/new-features/build-numbers-and-release-dates>).
    pub(super) fn info(self) -> [&'static str; 5] {
        match self {
            ServerVersion::Exchange2010Sp2 => ["14", "2", "390", "3", "Exchange2010_SP2"],
            ServerVersion::Exchange2013 => ["15", "0", "1497", "2", "V2_23"],
            ServerVersion::Exchange2016 => ["15", "1", "2507", "37", "V2017_07_11"],
        }
    }
}

/// How it behaves, whatever version it says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Temper {
    /// As Microsoft documents it.
    Exchange,
    /// As grommunio does it: no ChangeKey is looked at; a CalendarView gives the masters of series; an occurrence that
    /// is edited or deleted changes no ChangeKey and is not told of by SyncFolderItems; ranges have a dateTime where a
    /// date belongs; elements come in an order of their own, among them some that no schema has; answers have no
    /// SOAP header.
    Grommunio,
}

/// The versions of the schema that tell anything apart here, of ExchangeVersionType in types.xsd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Schema {
    Exchange2007,
    Exchange2010,
    Exchange2010Sp1,
    Exchange2010Sp2,
    Exchange2013,
    Exchange2013Sp1,
    Exchange2016,
}

impl Schema {
    /// By its name in RequestServerVersion; `None` for a name that no Exchange knows.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "Exchange2007" | "Exchange2007_SP1" | "Exchange2009" => Schema::Exchange2007,
            "Exchange2010" => Schema::Exchange2010,
            "Exchange2010_SP1" => Schema::Exchange2010Sp1,
            "Exchange2010_SP2" => Schema::Exchange2010Sp2,
            "Exchange2012" | "Exchange2013" => Schema::Exchange2013,
            "Exchange2013_SP1" => Schema::Exchange2013Sp1,
            "Exchange2015" | "Exchange2016" | "V2015_10_05" | "V2016_01_06" | "V2016_04_13" | "V2016_07_13"
            | "V2016_10_10" | "V2017_01_07" | "V2017_04_14" | "V2017_07_11" => Schema::Exchange2016,
            _ => return None,
        })
    }

    /// Whether it has that field (`calendar:IsOrganizer`), element or value.
    pub fn has(self, name: &str) -> bool {
        let local = name.rsplit(':').next().unwrap_or(name);
        let newer = SINCE.iter().find(|(_, names)| names.split_ascii_whitespace().any(|known| known == local));
        newer.is_none_or(|(since, _)| *since <= self)
    }
}

/// What came when, by local name: the page of each element of the web service reference says since which version it
/// applies.
const SINCE: &[(Schema, &str)] = &[
    (
        Schema::Exchange2010,
        "StartTimeZone EndTimeZone IsAssociated WebClientReadFormQueryString WebClientEditFormQueryString \
         ConversationId UniqueBody StoreEntryId",
    ),
    (Schema::Exchange2010Sp1, "FirstDayOfWeek"),
    (
        Schema::Exchange2013,
        "TextBody Flag InstanceKey NormalizedBody EntityExtractionResult PolicyTag ArchiveTag RetentionDate Preview \
         RightsManagementLicenseData IconIndex BlockStatus HasBlockedImages EnhancedLocation StartWallClock \
         EndWallClock StartTimeZoneId EndTimeZoneId JoinOnlineMeetingUrl OnlineMeetingSettings IsOrganizer \
         InboxReminders WorkingElsewhere RecurringMasterItemIdRanges",
    ),
    (Schema::Exchange2013Sp1, "IsClutter PredictedActionReasons"),
    (
        Schema::Exchange2016,
        "Hashtags Mentions MentionedMe MentionsPreview MentionsEx AppliedHashtags AppliedHashtagsPreview Likes \
         LikesPreview PendingSocialActivityTagIds AtAllMention CanDelete InferenceClassification FirstBody \
         CalendarActivityData DoNotForwardMeeting MimeContentUTF8",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_has_what_came_with_it_and_before_it() {
        let cases = [
            (Schema::Exchange2007, "item:Subject", true),
            (Schema::Exchange2007, "calendar:StartTimeZone", false),
            (Schema::Exchange2010, "calendar:StartTimeZone", true),
            (Schema::Exchange2010, "FirstDayOfWeek", false),
            (Schema::Exchange2010Sp2, "calendar:IsOrganizer", false),
            (Schema::Exchange2010Sp2, "WorkingElsewhere", false),
            (Schema::Exchange2013, "WorkingElsewhere", true),
            (Schema::Exchange2013, "item:Mentions", false),
            (Schema::Exchange2016, "item:Mentions", true),
        ];
        for (schema, name, has) in cases {
            assert_eq!(schema.has(name), has, "{schema:?} {name}");
        }
    }
}
