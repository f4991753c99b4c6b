//! Media types of files by their extensions, and the syntax of media types.

use std::path::Path;

/// Media types with the extensions of the files that people upload.
///
/// An extension with several meanings, such as `ts`, has no row.
const BY_EXTENSION: &[(&str, &str)] = &[
    ("application/atom+xml", "atom"),
    ("application/dash+xml", "mpd"),
    ("application/epub+zip", "epub"),
    ("application/geo+json", "geojson"),
    ("application/gpx+xml", "gpx"),
    ("application/gzip", "gz tgz"),
    ("application/java-archive", "jar war"),
    ("application/json", "json"),
    ("application/json5", "json5"),
    ("application/ld+json", "jsonld"),
    ("application/manifest+json", "webmanifest"),
    ("application/mathml+xml", "mathml"),
    ("application/msaccess", "accdb"),
    ("application/msword", "doc"),
    (
        "application/octet-stream",
        "bin cab dll dmg exe img iso msi so",
    ),
    ("application/pdf", "pdf"),
    ("application/pgp-encrypted", "pgp"),
    ("application/pgp-signature", "asc sig"),
    ("application/pkcs7-mime", "p7c p7m"),
    ("application/pkcs7-signature", "p7s"),
    ("application/pkix-crl", "crl"),
    ("application/postscript", "ai eps ps"),
    ("application/rss+xml", "rss"),
    ("application/rtf", "rtf"),
    ("application/sarif+json", "sarif"),
    ("application/sql", "sql"),
    ("application/toml", "toml"),
    ("application/vnd.android.package-archive", "apk"),
    ("application/vnd.apache.parquet", "parquet"),
    ("application/vnd.apple.mpegurl", "m3u8"),
    ("application/vnd.debian.binary-package", "deb"),
    ("application/vnd.google-earth.kml+xml", "kml"),
    ("application/vnd.google-earth.kmz", "kmz"),
    ("application/vnd.ms-excel", "xls"),
    (
        "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
        "xlsb",
    ),
    ("application/vnd.ms-excel.sheet.macroEnabled.12", "xlsm"),
    ("application/vnd.ms-fontobject", "eot"),
    ("application/vnd.ms-outlook", "msg"),
    ("application/vnd.ms-powerpoint", "pps ppt"),
    (
        "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
        "pptm",
    ),
    ("application/vnd.ms-project", "mpp"),
    ("application/vnd.ms-word.document.macroEnabled.12", "docm"),
    ("application/vnd.oasis.opendocument.graphics", "odg"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.text-template", "ott"),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "pptx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
        "ppsx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
        "xltx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
        "dotx",
    ),
    ("application/vnd.rar", "rar"),
    ("application/vnd.sqlite3", "sqlite"),
    ("application/vnd.tcpdump.pcap", "cap pcap"),
    ("application/vnd.visio", "vsd"),
    ("application/wasm", "wasm"),
    ("application/x-7z-compressed", "7z"),
    ("application/x-bittorrent", "torrent"),
    ("application/x-bzip2", "bz2"),
    ("application/x-httpd-php", "php"),
    ("application/x-mobipocket-ebook", "mobi"),
    ("application/x-msaccess", "mdb"),
    ("application/x-ndjson", "jsonl ndjson"),
    ("application/x-perl", "pl"),
    ("application/x-pkcs12", "p12 pfx"),
    ("application/x-pkcs7-certificates", "p7b"),
    ("application/x-rpm", "rpm"),
    ("application/x-sh", "sh"),
    ("application/x-shockwave-flash", "swf"),
    ("application/x-subrip", "srt"),
    ("application/x-tar", "tar"),
    ("application/x-tex", "tex"),
    ("application/x-x509-ca-cert", "cer crt der pem"),
    ("application/x-xz", "xz"),
    ("application/xhtml+xml", "xhtml"),
    ("application/xslt+xml", "xsl xslt"),
    ("application/yaml", "yaml yml"),
    ("application/zip", "zip"),
    ("application/zstd", "zst"),
    ("audio/aac", "aac"),
    ("audio/ac3", "ac3"),
    ("audio/aiff", "aif aifc aiff"),
    ("audio/flac", "flac"),
    ("audio/mid", "mid midi"),
    ("audio/mp4", "m4a"),
    ("audio/mpeg", "mp2 mp3"),
    ("audio/ogg", "oga ogg opus"),
    ("audio/wav", "wav"),
    ("audio/webm", "weba"),
    ("audio/x-matroska", "mka"),
    ("audio/x-mpegurl", "m3u"),
    ("audio/x-ms-wma", "wma"),
    ("font/collection", "ttc"),
    ("font/otf", "otf"),
    ("font/ttf", "ttf"),
    ("font/woff", "woff"),
    ("font/woff2", "woff2"),
    ("image/avif", "avif"),
    ("image/bmp", "bmp"),
    ("image/emf", "emf"),
    ("image/gif", "gif"),
    ("image/heic", "heic"),
    ("image/heif", "heif"),
    ("image/jp2", "jp2"),
    ("image/jpeg", "jfif jpeg jpg"),
    ("image/jxl", "jxl"),
    ("image/png", "png"),
    ("image/svg+xml", "svg svgz"),
    ("image/tiff", "tif tiff"),
    ("image/vnd.adobe.photoshop", "psd"),
    ("image/vnd.djvu", "djvu"),
    ("image/vnd.dwg", "dwg"),
    ("image/vnd.dxf", "dxf"),
    ("image/webp", "webp"),
    ("image/wmf", "wmf"),
    ("image/x-adobe-dng", "dng"),
    ("image/x-canon-cr2", "cr2"),
    ("image/x-icon", "ico"),
    ("image/x-nikon-nef", "nef"),
    ("image/x-tga", "tga"),
    ("message/rfc822", "eml mht mhtml"),
    ("model/gltf+json", "gltf"),
    ("model/gltf-binary", "glb"),
    ("model/obj", "obj"),
    ("model/stl", "stl"),
    ("text/calendar", "ics"),
    ("text/css", "css"),
    ("text/csv", "csv"),
    ("text/html", "htm html"),
    ("text/javascript", "cjs js jsx mjs"),
    ("text/less", "less"),
    ("text/markdown", "markdown md"),
    (
        "text/plain",
        "bat c cfg conf cpp cs diff go h hpp ini java kt log map patch ps1 py rb sol swift text txt",
    ),
    ("text/tab-separated-values", "tsv"),
    ("text/vcard", "vcard vcf"),
    ("text/vtt", "vtt"),
    ("text/x-lua", "lua"),
    ("text/x-opml", "opml"),
    ("text/x-rust", "rs"),
    ("text/x-sass", "sass"),
    ("text/x-scss", "scss"),
    ("text/xml", "dtd wsdl xml xsd"),
    ("video/3gpp", "3gp"),
    ("video/3gpp2", "3g2"),
    ("video/mp4", "m4v mp4"),
    ("video/mpeg", "m2v mpe mpeg mpg"),
    ("video/ogg", "ogv"),
    ("video/quicktime", "mov"),
    ("video/vnd.dlna.mpeg-tts", "m2ts mts"),
    ("video/webm", "webm"),
    ("video/x-flv", "flv"),
    ("video/x-matroska", "mkv"),
    ("video/x-ms-asf", "asf"),
    ("video/x-ms-vob", "vob"),
    ("video/x-ms-wmv", "wmv"),
    ("video/x-msvideo", "avi"),
];

/// Returns the media type of a file by its extension.
pub(super) fn of_file(path: &Path) -> Option<&'static str> {
    let own = path.extension()?.to_str()?;
    let has = |extensions: &str| extensions.split(' ').any(|it| it.eq_ignore_ascii_case(own));
    let row = BY_EXTENSION.iter().find(|(_, extensions)| has(extensions));
    row.map(|(media_type, _)| *media_type)
}

/// Returns whether `text` is a media type (RFC 9110 section 8.3.1) on one line.
///
/// Tabs are not accepted. Only the last parameter may be empty or have an empty value. A range such
/// as `text/*` is not a media type.
pub(super) fn is_media_type(text: &str) -> bool {
    let (essence, parameters) = text.split_once(';').unwrap_or((text, ""));
    let mut names = essence.trim_end_matches(' ').split('/');
    let is_name = |name: &str| is_token(name) && !name.contains('*');
    let is_pair = names.clone().count() == 2 && names.all(is_name);
    is_pair && !text.contains(char::is_control) && are_parameters(parameters)
}

/// Returns whether `text` is a list of parameters (RFC 9110 section 5.6.6).
fn are_parameters(text: &str) -> bool {
    let mut rest = text.trim_start_matches(' ');
    while !rest.is_empty() {
        let Some((name, value)) = rest.split_once('=') else {
            return false;
        };
        let after = match value.strip_prefix('"') {
            Some(quoted) => after_quotation_mark(quoted),
            None => {
                let end = value.find([';', ' ']).unwrap_or(value.len());
                let (value, after) = value.split_at(end);
                let is_value = is_token(value) || (value.is_empty() && after.is_empty());
                is_value.then_some(after)
            }
        };
        let Some(after) = after.map(|it| it.trim_start_matches(' ')) else {
            return false;
        };
        let next = after.strip_prefix(';');
        if !is_token(name) || (next.is_none() && !after.is_empty()) {
            return false;
        }
        rest = next.unwrap_or_default().trim_start_matches(' ');
    }
    true
}

/// Returns the text after the end of a quoted string (RFC 9110 section 5.6.4).
fn after_quotation_mark(quoted: &str) -> Option<&str> {
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => return Some(characters.as_str()),
            '\\' => drop(characters.next()?),
            _ => {}
        }
    }
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
            ("main.rs", Some("text/x-rust")),
            ("dump.sql", Some("application/sql")),
            ("photo.HEIF", Some("image/heif")),
            ("scan.jfif", Some("image/jpeg")),
            ("map.geojson", Some("application/geo+json")),
            (
                "macros.xlsm",
                Some("application/vnd.ms-excel.sheet.macroEnabled.12"),
            ),
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
            "text/plain; name=\"é\"",
            "a/b; c=\"; d=\"; e=f",
            "a/b; c=\"d\\\"e\" ; f=g",
            "a/b;c=\"\"",
            "a/b ; c=d;",
            "a/b; c=",
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
            "a/b; c=\"\t\"",
            "a/b; c=é",
            "a/b; c=\"d",
            "a/b; c=\"d\"e",
            "a/b; c=\"d\\\"",
            "a/b; c=d\"",
            "a/b; c=d e=f",
            "a/b; c",
            "a/b; =d",
            "a/b;; c=d",
            "a/b; c=; d=e",
            "text/*",
            "*/*",
        ] {
            assert!(!is_media_type(wrong), "{wrong}");
        }
    }
}
