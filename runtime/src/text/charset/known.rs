//! Encodings of text: the few that most servers send, and with the feature `charset` all others of
//! the WHATWG Encoding Standard.

/// Labels of UTF-8 (WHATWG Encoding Standard, section 4.2).
const UTF_8: [&str; 6] = [
    "unicode-1-1-utf-8",
    "unicode11utf8",
    "unicode20utf8",
    "utf-8",
    "utf8",
    "x-unicode20utf8",
];

/// Labels of UTF-16, the less significant byte first.
const UTF_16_LE: [&str; 7] = [
    "csunicode",
    "iso-10646-ucs-2",
    "ucs-2",
    "unicode",
    "unicodefeff",
    "utf-16",
    "utf-16le",
];

/// Labels of UTF-16, the more significant byte first.
const UTF_16_BE: [&str; 2] = ["unicodefffe", "utf-16be"];

/// Labels of windows-1252. The standard reads ASCII and ISO-8859-1 as this superset.
const WINDOWS_1252: [&str; 17] = [
    "ansi_x3.4-1968",
    "ascii",
    "cp1252",
    "cp819",
    "csisolatin1",
    "ibm819",
    "iso-8859-1",
    "iso-ir-100",
    "iso8859-1",
    "iso88591",
    "iso_8859-1",
    "iso_8859-1:1987",
    "l1",
    "latin1",
    "us-ascii",
    "windows-1252",
    "x-cp1252",
];

/// The characters 0x80 to 0x9F of windows-1252. All others equal their code points.
#[rustfmt::skip]
const C1_OF_WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// An encoding of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1252,
    #[cfg(feature = "charset")]
    Other(&'static encoding_rs::Encoding),
}

impl Charset {
    /// Returns the encoding that a byte order mark names, and the bytes after the mark.
    pub(super) fn of_mark(bytes: &[u8]) -> Option<(Self, &[u8])> {
        [
            (Self::Utf8, &b"\xEF\xBB\xBF"[..]),
            (Self::Utf16Le, b"\xFF\xFE"),
            (Self::Utf16Be, b"\xFE\xFF"),
        ]
        .into_iter()
        .find_map(|(encoding, mark)| Some((encoding, bytes.strip_prefix(mark)?)))
    }

    /// Returns the encoding with a label, as a parameter `charset` has it.
    ///
    /// Labels of encodings that the standard does not decode, such as `hz-gb-2312`, are unknown.
    pub(super) fn of_label(label: &str) -> Option<Self> {
        let has = |labels: &[&str]| labels.iter().any(|it| it.eq_ignore_ascii_case(label));
        match () {
            () if has(&UTF_8) => Some(Self::Utf8),
            () if has(&UTF_16_LE) => Some(Self::Utf16Le),
            () if has(&UTF_16_BE) => Some(Self::Utf16Be),
            () if has(&WINDOWS_1252) => Some(Self::Windows1252),
            #[cfg(feature = "charset")]
            () => {
                encoding_rs::Encoding::for_label_no_replacement(label.as_bytes()).map(Self::Other)
            }
            #[cfg(not(feature = "charset"))]
            () => None,
        }
    }

    /// Decodes text without a byte order mark. Bytes that are not of this encoding become U+FFFD,
    /// and the second value tells of them.
    pub(super) fn decode(self, bytes: &[u8]) -> (String, bool) {
        match self {
            Self::Utf8 => match std::str::from_utf8(bytes) {
                Ok(text) => (text.to_owned(), false),
                Err(_) => (String::from_utf8_lossy(bytes).into_owned(), true),
            },
            Self::Utf16Le => utf_16(bytes, u16::from_le_bytes),
            Self::Utf16Be => utf_16(bytes, u16::from_be_bytes),
            Self::Windows1252 => (bytes.iter().map(windows_1252).collect(), false),
            #[cfg(feature = "charset")]
            Self::Other(encoding) => {
                let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
                (text.into_owned(), has_errors)
            }
        }
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (String, bool) {
    let (units, rest) = bytes.as_chunks();
    let mut has_errors = !rest.is_empty();
    let mut text = String::new();
    for character in char::decode_utf16(units.iter().map(|bytes| unit(*bytes))) {
        has_errors |= character.is_err();
        text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    (text, has_errors)
}

fn windows_1252(byte: &u8) -> char {
    let c1 = byte.checked_sub(0x80).map(usize::from);
    let character = c1.and_then(|at| C1_OF_WINDOWS_1252.get(at));
    character.copied().unwrap_or_else(|| char::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_1252_decodes_each_byte() {
        let bytes: Vec<u8> = (0..=u8::MAX).collect();
        let (text, has_errors) = Charset::Windows1252.decode(&bytes);
        assert!(!has_errors);
        let latin: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        let differ = text.chars().zip(latin.chars()).filter(|(a, b)| a != b);
        assert_eq!(differ.count(), 27);
        assert_eq!(Charset::Windows1252.decode(b"\x80\xE9\x9F").0, "€éŸ");
    }

    #[test]
    fn utf_16_malformed_is_replaced() {
        let read = |bytes| Charset::Utf16Le.decode(bytes);
        assert_eq!(read(b"=\xD8\x00\xDE"), ("😀".to_owned(), false));
        assert_eq!(read(b"a\0=\xD8b\0"), ("a\u{FFFD}b".to_owned(), true));
        assert_eq!(read(b"a\0b"), ("a\u{FFFD}".to_owned(), true));
        assert_eq!(Charset::Utf16Be.decode(b"\0a"), ("a".to_owned(), false));
    }

    #[test]
    fn label_without_a_decoder_is_unknown() {
        for label in [
            "hz-gb-2312",
            "iso-2022-kr",
            "replacement",
            "utf-32",
            "utf-7",
        ] {
            assert_eq!(Charset::of_label(label), None, "{label}");
        }
    }

    /// The other decoder of the same encodings.
    #[cfg(feature = "charset")]
    #[test]
    fn common_encodings_are_as_in_the_standard() {
        let bytes: Vec<u8> = (0..=u8::MAX).collect();
        for (labels, encoding) in [
            (&UTF_8[..], Charset::Utf8),
            (&UTF_16_LE, Charset::Utf16Le),
            (&UTF_16_BE, Charset::Utf16Be),
            (&WINDOWS_1252, Charset::Windows1252),
        ] {
            for label in labels {
                let other = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
                let (text, has_errors) = other.decode_without_bom_handling(&bytes);
                let expected = (text.into_owned(), has_errors);
                assert_eq!(encoding.decode(&bytes), expected, "{label}");
                let upper = label.to_ascii_uppercase();
                assert_eq!(Charset::of_label(&upper), Some(encoding), "{label}");
            }
        }
    }
}
