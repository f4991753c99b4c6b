//! Locations: the path and the fragment of a reference.

use crate::openapi::pointer::join;
use crate::openapi::reference::percent_decoded;

/// Splits a reference into the path and the fragment.
pub(super) fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

pub(super) fn has_scheme(path: &str) -> bool {
    let scheme = path.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        scheme.len() > 1
            && scheme
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(&it))
    })
}

/// Returns the path of a file, relative to the folder of the document, to which a reference in
/// `file` leads.
pub(super) fn resolve(file: &str, path: &str) -> Result<String, String> {
    let path = percent_decoded(path);
    if path.starts_with('/') || path.contains(['\\', ':', '\0']) {
        return Err("names a file outside of the folder of the document".to_owned());
    }
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut segments: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                if segments.pop().is_none() {
                    return Err("leads out of the folder of the document".to_owned());
                }
            }
            other => segments.push(other),
        }
    }
    Ok(segments.join("/"))
}

/// Returns a name as part of the fragment of a reference.
pub(super) fn in_fragment(name: &str) -> String {
    let pointer = join("", name);
    let token = pointer.strip_prefix('/').unwrap_or(&pointer);
    token.replace('%', "%25").replace(' ', "%20")
}
