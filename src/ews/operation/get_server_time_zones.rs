//! GetServerTimeZones: the rules of time zones as the server knows them.
//!
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/getservertimezones-operation>

use super::{Operation, sealed};
use crate::ews::envelope::RequestVersion;
use crate::ews::xml::{Element, Writer};
use crate::ews::zone_definition::ZoneDefinition;

/// The request.
#[derive(Clone, Debug)]
pub struct GetServerTimeZones {
    /// At least one: all that a server knows, with their rules, are a megabyte.
    pub ids: Vec<String>,
}

impl sealed::Sealed for GetServerTimeZones {}

impl Operation for GetServerTimeZones {
    const NAME: &'static str = "GetServerTimeZones";
    const ONLY_READS: bool = true;
    /// Those of the ids that the server knows.
    type Outcome = Vec<ZoneDefinition>;

    fn write(&self, _: RequestVersion, xml: &mut Writer) {
        xml.element("m:GetServerTimeZones", &[("ReturnFullTimeZoneData", "true")], |xml| {
            xml.element("m:Ids", &[], |xml| self.ids.iter().for_each(|id| xml.text("t:Id", &[], id)));
        });
    }

    fn read(mut part: Element<'_, '_>, zones: &mut Vec<ZoneDefinition>) {
        if part.name() == "TimeZoneDefinitions" {
            while let Some(zone) = part.child() {
                zones.push(ZoneDefinition::read(zone));
            }
        }
    }
}
