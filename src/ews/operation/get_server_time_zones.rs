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

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::ews::envelope::read;

    #[test]
    fn the_zones_that_the_server_knows_are_read_with_their_rules() {
        let answer = "<Envelope><Body><GetServerTimeZonesResponse><ResponseMessages>\
            <GetServerTimeZonesResponseMessage ResponseClass='Success'><ResponseCode>NoError</ResponseCode>\
            <TimeZoneDefinitions><TimeZoneDefinition Id='UTC' Name='(UTC) Coordinated Universal Time'><Periods>\
            <Period Bias='PT0S' Name='Standard' Id='s'/></Periods><Transitions><Transition><To Kind='Period'>s</To>\
            </Transition></Transitions></TimeZoneDefinition><TimeZoneDefinition Id='Mars'/></TimeZoneDefinitions>\
            </GetServerTimeZonesResponseMessage></ResponseMessages></GetServerTimeZonesResponse></Body></Envelope>";
        let zones = read::<GetServerTimeZones>(answer.as_bytes()).unwrap().only().unwrap();
        let told: Vec<_> =
            zones.iter().map(|zone| (zone.id.as_str(), zone.periods.len(), zone.transitions.len())).collect();
        assert_eq!(told, [("UTC", 1, 1), ("Mars", 0, 0)]);
    }
}
