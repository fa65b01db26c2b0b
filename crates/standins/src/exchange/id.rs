//! The ids that Exchange hands out: opaque to clients, and shaped like the real ones so that a client which assumes too
//! much (length, alphabet, case) is found out here.
//!
//! An ItemId is base64 of: compression 0, type 3, the mailbox's GUID as 36 characters behind its length, an entry id
//! behind its length, a closing type. A ChangeKey is a tag, a length, and 22 bytes of which the last six count up.
//! The layout was read off ids in public traces (`../shared/ews-samples`), not specified by Microsoft.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{Datelike as _, NaiveDate};

/// A GUID's sixteen bytes.
pub type Guid = [u8; 16];

const ITEM_ENTRY: usize = 70;
const FOLDER_ENTRY: usize = 46;
/// An item's, and the date of one instance of it.
const INSTANCE_ENTRY: usize = ITEM_ENTRY + 8;
const CALENDAR_ITEM: u8 = 0x0d;
const CALENDAR_INSTANCE: u8 = 0x10;
const FOLDER: u8 = 0x02;

/// A source of bytes that nobody could have guessed in earnest, and that a test can have again: SplitMix64.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn seeded(seed: u64) -> Self {
        Random(seed)
    }

    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        bytes
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// The folders of a mailbox that this server has; only calendars have items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    Root,
    /// What people see as the top of their mailbox.
    MessageRoot,
    Calendar,
    /// A calendar that somebody made, by its number.
    Made(u64),
}

impl Folder {
    /// Those that every mailbox has.
    pub const DEFAULT: [Folder; 3] = [Folder::Root, Folder::MessageRoot, Folder::Calendar];
    /// Calendars that are made count from here.
    pub const FIRST_MADE: u64 = 0x2001;

    /// DistinguishedFolderIdNameType of types.xsd.
    pub fn distinguished(self) -> Option<&'static str> {
        match self {
            Folder::Root => Some("root"),
            Folder::MessageRoot => Some("msgfolderroot"),
            Folder::Calendar => Some("calendar"),
            Folder::Made(_) => None,
        }
    }

    pub fn by_distinguished(name: &str) -> Option<Self> {
        Folder::DEFAULT.into_iter().find(|folder| folder.distinguished() == Some(name))
    }

    pub fn is_calendar(self) -> bool {
        matches!(self, Folder::Calendar | Folder::Made(_))
    }

    pub fn number(self) -> u64 {
        match self {
            Folder::Root => 0x0101,
            Folder::MessageRoot => 0x0108,
            Folder::Calendar => 0x010d,
            Folder::Made(number) => number,
        }
    }

    fn by_number(number: u64) -> Option<Self> {
        let known = Folder::DEFAULT.into_iter().find(|folder| folder.number() == number);
        known.or_else(|| (number >= Folder::FIRST_MADE).then_some(Folder::Made(number)))
    }
}

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    Folder {
        mailbox: Guid,
        folder: Folder,
    },
    Item {
        mailbox: Guid,
        key: u64,
    },
    /// An occurrence or exception, by the date that the pattern has. It is not stored, and still has an id.
    Instance {
        mailbox: Guid,
        key: u64,
        date: NaiveDate,
    },
}

impl Named {
    pub fn encode(self) -> String {
        let (mailbox, kind, entry) = match self {
            Named::Folder { mailbox, folder } => (mailbox, FOLDER, entry_id(&mailbox, FOLDER_ENTRY, folder.number())),
            Named::Item { mailbox, key } => (mailbox, CALENDAR_ITEM, entry_id(&mailbox, ITEM_ENTRY, key)),
            Named::Instance { mailbox, key, date } => {
                let mut entry = entry_id(&mailbox, ITEM_ENTRY, key);
                entry.extend(i64::from(date.num_days_from_ce()).to_be_bytes());
                (mailbox, CALENDAR_INSTANCE, entry)
            }
        };
        let mut bytes = vec![0, 3, 36, 0];
        bytes.extend(guid_text(&mailbox).bytes());
        bytes.extend([entry.len() as u8, 0]);
        bytes.extend(entry);
        bytes.push(kind);
        STANDARD.encode(bytes)
    }

    /// `None`: malformed, and so never given out by this server.
    pub fn decode(id: &str) -> Option<Self> {
        let bytes = STANDARD.decode(id).ok()?;
        let (head, rest) = bytes.split_at_checked(4)?;
        let (mailbox, rest) = rest.split_at_checked(36)?;
        let (length, rest) = rest.split_at_checked(2)?;
        let length = usize::from(length[0]);
        let (entry, kind) = rest.split_at_checked(length)?;
        let mailbox = guid_from_text(std::str::from_utf8(mailbox).ok()?)?;
        let (entry, date) = entry.split_at(if length == INSTANCE_ENTRY { ITEM_ENTRY } else { length });
        let key = entry.last_chunk::<8>().map(|last| u64::from_be_bytes(*last))?;
        if head != [0, 3, 36, 0] || entry != entry_id(&mailbox, entry.len(), key) {
            return None;
        }
        match (length, kind) {
            (ITEM_ENTRY, [CALENDAR_ITEM]) => Some(Named::Item { mailbox, key }),
            (INSTANCE_ENTRY, [CALENDAR_INSTANCE]) => {
                let days = i32::try_from(i64::from_be_bytes(date.try_into().ok()?)).ok()?;
                let date = NaiveDate::from_num_days_from_ce_opt(days)?;
                Some(Named::Instance { mailbox, key, date })
            }
            (FOLDER_ENTRY, [FOLDER]) => Folder::by_number(key).map(|folder| Named::Folder { mailbox, folder }),
            _ => None,
        }
    }
}

/// Provider, database, and the number within it; what is between is made of both, so that ids look alike but are not.
fn entry_id(mailbox: &Guid, length: usize, key: u64) -> Vec<u8> {
    let mut noise = Random::seeded(u64::from_le_bytes(mailbox[..8].try_into().unwrap_or_default()) ^ key);
    let mut entry = vec![0; 4];
    entry.extend(mailbox);
    entry.extend([7, 0]);
    while entry.len() < length - 8 {
        entry.extend(noise.bytes::<1>());
    }
    entry.extend(key.to_be_bytes());
    entry
}

/// The version of an item, counted per mailbox.
pub fn change_key(mailbox: &Guid, version: u64) -> String {
    let mut bytes = vec![0x0f, 0, 0, 0, 22, 0, 0, 0];
    bytes.extend(mailbox.iter().rev());
    bytes.extend(&version.to_be_bytes()[2..]);
    STANDARD.encode(bytes)
}

/// `None`: no change key of this mailbox.
pub fn version_of(mailbox: &Guid, change_key: &str) -> Option<u64> {
    let bytes = STANDARD.decode(change_key).ok()?;
    let version = bytes.last_chunk::<6>()?;
    let mut wide = [0; 8];
    wide[2..].copy_from_slice(version);
    let version = u64::from_be_bytes(wide);
    (self::change_key(mailbox, version) == change_key).then_some(version)
}

/// A GlobalObjectId as Exchange writes it in UID: [MS-OXOCAL] 2.2.1.27, in upper-case hex.
pub fn uid(random: &mut Random, created: chrono::DateTime<chrono::Utc>) -> String {
    // FILETIME: units of 100 ns since 1601-01-01.
    let filetime = (created.timestamp() + 11_644_473_600).unsigned_abs() * 10_000_000;
    let mut bytes = vec![0x04, 0, 0, 0, 0x82, 0, 0xe0, 0, 0x74, 0xc5, 0xb7, 0x10, 0x1a, 0x82, 0xe0, 0x08, 0, 0, 0, 0];
    bytes.extend(filetime.to_le_bytes());
    bytes.extend([0; 8]);
    bytes.extend([16, 0, 0, 0]);
    bytes.extend(random.bytes::<16>());
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// A UID as the property that MAPI keeps it in, in Base64: hex is what it stands for, and any other text lies in an
/// envelope ([MS-OXOCAL] 2.2.1.27).
pub fn global_object_id(uid: &str) -> String {
    let pairs = uid.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    let is_id = uid.len().is_multiple_of(2) && uid.to_ascii_uppercase().starts_with("040000008200E00074C5B7101A82E008");
    let bytes = pairs.collect::<Option<Vec<u8>>>().filter(|_| is_id).unwrap_or_else(|| {
        let data = [b"vCal-Uid\x01\0\0\0", uid.as_bytes(), b"\0"].concat();
        let mut bytes = vec![0x04, 0, 0, 0, 0x82, 0, 0xe0, 0, 0x74, 0xc5, 0xb7, 0x10, 0x1a, 0x82, 0xe0, 0x08];
        bytes.extend([0; 20]);
        bytes.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(data);
        bytes
    });
    STANDARD.encode(bytes)
}

pub fn guid_text(guid: &Guid) -> String {
    let hex: String = guid.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn guid_from_text(text: &str) -> Option<Guid> {
    let hex: Vec<u8> = text.bytes().filter(|byte| *byte != b'-').collect();
    let mut guid = [0; 16];
    if hex.len() != 32 {
        return None;
    }
    for (byte, pair) in guid.iter_mut().zip(hex.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(guid)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAILBOX: Guid = *b"0123456789abcdef";

    #[test]
    fn an_item_id_is_152_characters_and_leads_back_to_its_item() {
        let named = Named::Item { mailbox: MAILBOX, key: 77 };
        let id = named.encode();
        assert_eq!(id.len(), 152);
        assert!(id.starts_with("AAMk"), "{id}");
        assert_eq!(Named::decode(&id), Some(named));
        assert_ne!(id, Named::Item { mailbox: MAILBOX, key: 78 }.encode());
    }

    #[test]
    fn an_instance_has_an_id_of_its_own_and_is_not_taken_for_its_master() {
        let date = |day| NaiveDate::from_ymd_opt(2027, 3, day).expect("a date");
        let named = Named::Instance { mailbox: MAILBOX, key: 77, date: date(1) };
        assert_eq!(Named::decode(&named.encode()), Some(named));
        assert_ne!(named.encode(), Named::Instance { mailbox: MAILBOX, key: 77, date: date(2) }.encode());
        assert_ne!(named.encode(), Named::Item { mailbox: MAILBOX, key: 77 }.encode());
    }

    #[test]
    fn a_folder_id_is_120_characters() {
        let named = Named::Folder { mailbox: MAILBOX, folder: Folder::Calendar };
        assert_eq!(named.encode().len(), 120);
        assert_eq!(Named::decode(&named.encode()), Some(named));
    }

    #[test]
    fn an_id_that_was_never_given_out_is_malformed() {
        let id = Named::Item { mailbox: MAILBOX, key: 77 }.encode();
        let mut bent = id.clone().into_bytes();
        bent[100] = if bent[100] == b'A' { b'B' } else { b'A' };
        for id in ["", "AAMkAD", "åäö", &id[..148], &String::from_utf8_lossy(&bent)] {
            assert_eq!(Named::decode(id), None, "{id}");
        }
    }

    #[test]
    fn a_change_key_counts_versions_of_one_mailbox_only() {
        let key = change_key(&MAILBOX, 258);
        assert_eq!(key.len(), 40);
        assert!(key.starts_with("DwAAABYAAA"));
        assert_eq!(version_of(&MAILBOX, &key), Some(258));
        assert_eq!(version_of(b"fedcba9876543210", &key), None);
        assert_eq!(version_of(&MAILBOX, "DwAAABYAAAA="), None);
    }

    #[test]
    fn a_uid_is_a_global_object_id() {
        let uid = uid(&mut Random::seeded(1), chrono::DateTime::UNIX_EPOCH);
        assert_eq!(uid.len(), 112);
        assert!(uid.starts_with("040000008200E00074C5B7101A82E00800000000"), "{uid}");
    }
}
