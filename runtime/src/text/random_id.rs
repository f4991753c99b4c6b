//! Random identifiers, from the random bits of the system.
//!
//! Without random bits, the functions fail: a guessable identifier could be that of another
//! request.

/// Returns a UUID of version 4 (RFC 9562 section 5.4).
///
/// # Errors
/// Fails if the system has no random bits.
pub(crate) fn uuid() -> Result<String, String> {
    Ok(version_4(bits()?))
}

/// Returns a UUID of version 4, for generated crates that make ids.
///
/// # Errors
/// Fails if the system has no random bits.
#[cfg(feature = "uuid")]
pub fn random_uuid() -> Result<uuid::Uuid, String> {
    Ok(uuid::Builder::from_random_bytes(bits()?.to_be_bytes()).into_uuid())
}

/// Returns 32 hexadecimal digits.
///
/// # Errors
/// Fails if the system has no random bits.
#[cfg(any(feature = "downloads", feature = "multipart"))]
pub(crate) fn hexadecimal() -> Result<String, String> {
    Ok(format!("{:032x}", bits()?))
}

fn bits() -> Result<u128, String> {
    let mut bytes = [0; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(u128::from_ne_bytes(bytes)),
        Err(error) => Err(format!(
            "the system has no random bits ({error}): permit the program to read them"
        )),
    }
}

/// Writes bits as a UUID, and replaces six of them by the version and the variant.
fn version_4(bits: u128) -> String {
    let version = bits & !(0xf << 76) | 0x4 << 76;
    let id = version & !(0b11 << 62) | 0b10 << 62;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        id >> 96,
        id >> 80 & 0xffff,
        id >> 64 & 0xffff,
        id >> 48 & 0xffff,
        id & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuid_has_version_and_variant() {
        let id = version_4(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff);
        assert_eq!(id, "00112233-4455-4677-8899-aabbccddeeff");
        assert_eq!(version_4(0), "00000000-0000-4000-8000-000000000000");
        let all = version_4(u128::MAX);
        assert_eq!(all, "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn identifiers_differ_and_have_a_fixed_length() {
        let (id, other) = (uuid().unwrap(), uuid().unwrap());
        assert_ne!(id, other);
        assert_eq!(id.len(), 36);
        #[cfg(feature = "uuid")]
        {
            let id = random_uuid().unwrap();
            assert_eq!(id.get_version_num(), 4);
            assert_ne!(id, random_uuid().unwrap());
        }
        let (text, other) = (hexadecimal().unwrap(), hexadecimal().unwrap());
        assert_ne!(text, other);
        assert_eq!(text.len(), 32);
        assert!(text.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
