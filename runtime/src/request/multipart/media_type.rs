//! Media types of files by their extensions, and the syntax of media types.

use std::path::Path;

/// Media types with the extensions of the files that people upload.
///
/// An extension with several meanings, such as `ts`, has no row.
const BY_EXTENSION: &[(&str, &str)] = &[
    ("application/epub+zip", "epub"),
    ("application/gzip", "gz tgz"),
    ("application/java-archive", "jar war"),
    ("application/json", "json"),
    ("application/msword", "doc"),
    ("application/octet-stream", "bin dll dmg exe img iso so"),
    ("application/pdf", "pdf"),
    ("application/rtf", "rtf"),
    ("application/sarif+json", "sarif"),
    ("application/sql", "sql"),
    ("application/toml", "toml"),
    ("application/vnd.android.package-archive", "apk"),
    ("application/vnd.apache.parquet", "parquet"),
    ("application/vnd.debian.binary-package", "deb"),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.ms-outlook", "msg"),
    ("application/vnd.ms-powerpoint", "ppt"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.oasis.opendocument.text", "odt"),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "pptx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
    ),
    ("application/vnd.rar", "rar"),
    ("application/vnd.sqlite3", "sqlite"),
    ("application/vnd.tcpdump.pcap", "cap pcap"),
    ("application/wasm", "wasm"),
    ("application/x-7z-compressed", "7z"),
    ("application/x-bzip2", "bz2"),
    ("application/x-ndjson", "jsonl ndjson"),
    ("application/x-pkcs12", "p12 pfx"),
    ("application/x-sh", "sh"),
    ("application/x-tar", "tar"),
    ("application/x-x509-ca-cert", "cer crt der pem"),
    ("application/x-xz", "xz"),
    ("application/yaml", "yaml yml"),
    ("application/zip", "zip"),
    ("application/zstd", "zst"),
    ("audio/aac", "aac"),
    ("audio/flac", "flac"),
    ("audio/mp4", "m4a"),
    ("audio/mpeg", "mp3"),
    ("audio/ogg", "oga ogg opus"),
    ("audio/wav", "wav"),
    ("font/otf", "otf"),
    ("font/ttf", "ttf"),
    ("font/woff", "woff"),
    ("font/woff2", "woff2"),
    ("image/avif", "avif"),
    ("image/bmp", "bmp"),
    ("image/gif", "gif"),
    ("image/heic", "heic"),
    ("image/jpeg", "jpeg jpg"),
    ("image/png", "png"),
    ("image/svg+xml", "svg"),
    ("image/tiff", "tif tiff"),
    ("image/webp", "webp"),
    ("image/x-icon", "ico"),
    ("message/rfc822", "eml"),
    ("text/calendar", "ics"),
    ("text/css", "css"),
    ("text/csv", "csv"),
    ("text/html", "htm html"),
    ("text/javascript", "cjs js mjs"),
    ("text/markdown", "markdown md"),
    (
        "text/plain",
        "c cfg conf cpp cs diff go h hpp ini java kt log lua patch php pl ps1 py rb rs sol swift txt",
    ),
    ("text/tab-separated-values", "tsv"),
    ("text/vcard", "vcf"),
    ("text/xml", "xml"),
    ("video/mp4", "m4v mp4"),
    ("video/mpeg", "mpeg mpg"),
    ("video/quicktime", "mov"),
    ("video/webm", "webm"),
    ("video/x-matroska", "mkv"),
    ("video/x-msvideo", "avi"),
];

/// Returns the media type of a file by its extension.
pub(super) fn of_file(path: &Path) -> Option<&'static str> {
    let own = path.extension()?.to_str()?;
    let has = |extensions: &str| extensions.split(' ').any(|it| it.eq_ignore_ascii_case(own));
    let row = BY_EXTENSION.iter().find(|(_, extensions)| has(extensions));
    row.map(|(media_type, _)| *media_type)
}

/// Returns whether `text` is a media type (RFC 9110 section 8.3.1) on one line. Parameters may have
/// any form.
pub(super) fn is_media_type(text: &str) -> bool {
    let essence = text.split(';').next().unwrap_or_default().trim_end();
    let is_printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let mut names = essence.split('/');
    let is_pair = names.clone().count() == 2 && names.all(is_token);
    is_printable && is_pair
}

/// Returns whether `text` is a token (RFC 9110 section 5.6.2).
fn is_token(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_part)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn media_type_is_found_by_extension() {
        for (path, expected) in [
            ("cat.png", Some("image/png")),
            ("a/b.c/REPORT.PDF", Some("application/pdf")),
            ("log.2026.txt", Some("text/plain")),
            ("backup.tar.gz", Some("application/gzip")),
            ("main.ts", None),
            ("png", None),
            (".png", None),
            ("cat.", None),
            ("cat.p", None),
            ("cat.htm html", None),
        ] {
            assert_eq!(of_file(Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn table_has_each_extension_once() {
        let mut met = HashSet::new();
        for (media_type, extensions) in BY_EXTENSION {
            assert!(is_media_type(media_type), "{media_type}");
            for extension in extensions.split(' ') {
                assert!(
                    !extension.is_empty() && met.insert(extension),
                    "{extension}"
                );
            }
        }
    }

    #[test]
    fn media_type_without_two_tokens_is_rejected() {
        for right in [
            "a/b",
            "image/svg+xml",
            "text/plain; charset=utf-8",
            "a/b;c=\"d/e\"",
        ] {
            assert!(is_media_type(right), "{right}");
        }
        for wrong in [
            "",
            "a",
            "a/",
            "/b",
            "a/b/c",
            "a b/c",
            "a/b\n",
            "a/é",
            "a/b; c=\u{7f}",
        ] {
            assert!(!is_media_type(wrong), "{wrong}");
        }
    }
}
