//! GlobalObjectId: what an item's UID is called where a server can be asked for it.
//!
//! A restriction on `calendar:UID` is refused; the MAPI property behind it is not
//! ([MS-OXOCAL] 2.2.1.27 PidLidGlobalObjectId). EWS shows the id in hexadecimal digits, unless the item came from another
//! calendar with a UID of its own: then it shows that one, and the id holds it in an envelope.

/// With this every GlobalObjectId begins.
const ARRAY_ID: [u8; 16] = [4, 0, 0, 0, 0x82, 0, 0xe0, 0, 0x74, 0xc5, 0xb7, 0x10, 0x1a, 0x82, 0xe0, 8];

/// What stands before a UID from another calendar.
const ENVELOPE: &[u8] = b"vCal-Uid\x01\0\0\0";

/// The id of the item that EWS shows with this UID, in Base64, as a restriction compares it.
pub fn text_of(uid: &str) -> String {
    let bytes = from_hex(uid).filter(|bytes| bytes.starts_with(&ARRAY_ID)).unwrap_or_else(|| in_envelope(uid));
    base64(&bytes)
}

/// No date of an exception, no time of creation, then the length and the text with its zero.
fn in_envelope(uid: &str) -> Vec<u8> {
    let size = u32::try_from(ENVELOPE.len() + uid.len() + 1).unwrap_or(u32::MAX);
    [&ARRAY_ID[..], &[0; 20], &size.to_le_bytes(), ENVELOPE, uid.as_bytes(), &[0]].concat()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        [high, low] => u8::try_from(digit(*high)? << 4 | digit(*low)?).ok(),
        _ => None,
    };
    text.as_bytes().chunks(2).map(pair).collect()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |place: usize| u32::from(three.get(place).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place > three.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_in_digits_is_taken_as_it_is_in_either_case() {
        let uid = "040000008200E00074C5B7101A82E00800000000F0F5D5A4";
        assert_eq!(text_of(uid), "BAAAAIIA4AB0xbcQGoLgCAAAAADw9dWk");
        assert_eq!(text_of(&uid.to_lowercase()), text_of(uid));
    }

    /// The example of [MS-OXOCAL] 2.2.1.27 has this shape: sixteen bytes, four, eight, eight, four, and the data.
    #[test]
    fn a_uid_from_another_calendar_is_put_into_an_envelope() {
        let bytes = in_envelope("a@b");
        assert_eq!(bytes[..16], ARRAY_ID);
        assert_eq!(bytes[16..36], [0; 20]);
        assert_eq!(bytes[36..40], 16u32.to_le_bytes());
        assert_eq!(&bytes[40..], b"vCal-Uid\x01\0\0\0a@b\0");
    }

    #[test]
    fn digits_that_do_not_begin_as_an_id_are_a_text_like_any_other() {
        for uid in ["", "beef", "bee", "möte", "0400000082"] {
            assert!(text_of(uid).starts_with("BAAAAIIA4AB0xbcQGoLgCA"), "{uid}");
        }
    }

    #[test]
    fn base64_is_that_of_rfc_4648_section_10() {
        let vectors = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, coded) in vectors {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
