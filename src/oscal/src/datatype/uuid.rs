//! `Uuid`: version 4 or 5 in twenty bytes, written back in the very case it was read in.

use super::ValueError;

const EXPECTED: &str = "a UUID of version 4 or 5 (8-4-4-4-12 hexadecimal digits)";
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// A UUID of version 4 or 5, the only ones that OSCAL takes. Two that differ in case only are equal.
#[derive(Clone, Copy)]
pub struct Uuid {
    bytes: [u8; 16],
    /// One bit for each of the 32 digits, first digit lowest: set where a letter was written in upper case.
    upper: u32,
}

impl Uuid {
    /// The sixteen bytes: what identifies.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.bytes
    }
}

impl std::str::FromStr for Uuid {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let refuse = || ValueError::new(text, EXPECTED);
        if text.len() != 36 {
            return Err(refuse());
        }
        let (mut bytes, mut upper, mut digit) = ([0u8; 16], 0u32, 0usize);
        for (at, byte) in text.bytes().enumerate() {
            if HYPHENS.contains(&at) {
                if byte != b'-' {
                    return Err(refuse());
                }
                continue;
            }
            let value = (byte as char).to_digit(16).ok_or_else(refuse)? as u8;
            bytes[digit / 2] |= if digit % 2 == 0 { value << 4 } else { value };
            upper |= u32::from(byte.is_ascii_uppercase()) << digit;
            digit += 1;
        }
        if is_accepted(&bytes) { Ok(Self { bytes, upper }) } else { Err(refuse()) }
    }
}

/// Version 4 or 5, of the RFC 4122 variant.
fn is_accepted(bytes: &[u8; 16]) -> bool {
    matches!(bytes[6] >> 4, 4 | 5) && bytes[8] >> 6 == 0b10
}

impl TryFrom<uuid::Uuid> for Uuid {
    type Error = ValueError;

    fn try_from(id: uuid::Uuid) -> Result<Self, ValueError> {
        let bytes = id.into_bytes();
        if is_accepted(&bytes) { Ok(Self { bytes, upper: 0 }) } else { Err(ValueError::new(&id.to_string(), EXPECTED)) }
    }
}

impl From<Uuid> for uuid::Uuid {
    fn from(id: Uuid) -> Self {
        Self::from_bytes(id.bytes)
    }
}

impl Uuid {
    /// Writes the text into a buffer of the caller, so that a million of them cost no allocation.
    fn encode(self, buffer: &mut [u8; 36]) -> &str {
        let mut digit = 0;
        for (at, slot) in buffer.iter_mut().enumerate() {
            if HYPHENS.contains(&at) {
                *slot = b'-';
                continue;
            }
            let pair = self.bytes[digit / 2];
            let value = if digit % 2 == 0 { pair >> 4 } else { pair & 15 };
            let letters = if self.upper >> digit & 1 == 1 { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
            *slot = letters[usize::from(value)];
            digit += 1;
        }
        std::str::from_utf8(buffer).expect("hexadecimal digits and hyphens are ASCII")
    }
}

impl std::fmt::Display for Uuid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.encode(&mut [0; 36]))
    }
}

impl std::fmt::Debug for Uuid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Uuid {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Uuid {}

impl std::hash::Hash for Uuid {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl PartialOrd for Uuid {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Uuid {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.bytes.cmp(&other.bytes)
    }
}

impl serde::Serialize for Uuid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.encode(&mut [0; 36]))
    }
}

impl<'de> serde::Deserialize<'de> for Uuid {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(super::Parsed(std::marker::PhantomData))
    }
}

impl schemars::JsonSchema for Uuid {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Uuid".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "$comment": EXPECTED,
            "pattern": "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[45][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Uuid;

    #[test]
    fn case_is_kept_as_read_and_does_not_matter_to_identity() {
        let mixed: Uuid = "BB9219b1-E51c-4680-aBb0-616a43bbfbB1".parse().expect("version 4");
        assert_eq!(mixed.to_string(), "BB9219b1-E51c-4680-aBb0-616a43bbfbB1");
        assert_eq!(mixed, "bb9219b1-e51c-4680-abb0-616a43bbfbb1".parse().expect("version 4"));
    }

    #[test]
    fn versions_other_than_4_and_5_are_refused() {
        for bad in [
            "018f3c2e-7b1a-7c3d-8e4f-0123456789ab",
            "00000000-0000-0000-0000-000000000000",
            "bb9219b1-e51c-4680-cbb0-616a43bbfbb1",
            "bb9219b1e51c4680abb0616a43bbfbb1",
            "bb9219b1-e51c-4680-abb0-616a43bbfbb",
            "bb9219b1-e51c-4680-abb0-616a43bbfbbé",
        ] {
            assert!(bad.parse::<Uuid>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_uuid_takes_twenty_bytes() {
        assert_eq!(size_of::<Uuid>(), 20);
    }
}
