//! Bundles a document: what references lead to in other files is copied into the document.

mod location;
mod walk;

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value};

use self::location::{has_scheme, in_fragment, resolve, split};
use self::walk::{each_reference, kind};
use super::pointer::{escape, last_token};
use super::reference::percent_decoded;

/// The maximum number of values that are copied from other files.
const MAX_COPIES: usize = 100_000;

/// A document in one piece.
#[derive(Debug)]
#[non_exhaustive]
pub struct Bundle {
    /// The document, whose references to the files that were read lead to copies.
    pub document: Value,
    /// The references that were not followed, each with the reason.
    pub problems: Vec<String>,
}

/// Copies what the references of a document lead to in other files into the document.
///
/// `load` returns the content of a file by its path relative to the document, such as
/// `schemas/user.yaml`. Schemas become component schemas, under the last word of their reference. A
/// reference that names the document by `$self` (OpenAPI 3.2) is a local one. References to URLs,
/// and to files outside of the folder of the document, are not followed.
///
/// ```
/// use neo_client_codegen::openapi::bundle::bundle;
/// use serde_json::json;
///
/// let document = json!({ "components": { "schemas": {
///     "Pets": { "type": "array", "items": { "$ref": "schemas/pet.json" } },
/// } } });
/// let bundle = bundle(document, &mut |path| match path {
///     "schemas/pet.json" => Ok(json!({ "type": "object" })),
///     other => Err(format!("{other}: not found")),
/// });
/// assert!(bundle.problems.is_empty());
/// assert_eq!(
///     bundle.document["components"]["schemas"],
///     json!({
///         "Pets": { "type": "array", "items": { "$ref": "#/components/schemas/pet" } },
///         "pet": { "type": "object" },
///     })
/// );
/// ```
pub fn bundle(document: Value, load: &mut dyn FnMut(&str) -> Result<Value, String>) -> Bundle {
    let own = document.get("$self").and_then(Value::as_str);
    let mut bundler = Bundler {
        load,
        own: own.map(str::to_owned),
        original: document.clone(),
        files: BTreeMap::new(),
        is_original: BTreeMap::new(),
        copies: BTreeMap::new(),
        pending: VecDeque::new(),
        problems: Vec::new(),
        taken: taken(&document),
    };
    let mut document = document;
    bundler.include(&mut document);
    bundler.rewrite(&mut document, "", &mut Vec::new());
    while let Some((place, value)) = bundler.next_copy() {
        insert(&mut document, &place, value);
    }
    Bundle {
        document,
        problems: bundler.problems,
    }
}

/// The place of a copy: the kind of component, and its name.
type Place = (&'static str, String);

struct Bundler<'l> {
    load: &'l mut dyn FnMut(&str) -> Result<Value, String>,
    /// The URI of the document.
    own: Option<String>,
    /// The document as it was. Its own path is not known: a file with the same content is the
    /// document.
    original: Value,
    /// The files that were read, by their paths.
    files: BTreeMap<String, Result<Value, String>>,
    is_original: BTreeMap<String, bool>,
    /// The place of the copy of each value, by file and pointer.
    copies: BTreeMap<(String, String), Place>,
    /// The values to copy.
    pending: VecDeque<(String, String)>,
    problems: Vec<String>,
    taken: BTreeMap<String, Vec<String>>,
}

impl Bundler<'_> {
    /// Replaces references in the places of a document where OpenAPI has none, but which authors
    /// split into files all the same: `paths`, and the groups of `components`.
    fn include(&mut self, document: &mut Value) {
        let groups = document.get("components").and_then(Value::as_object);
        let groups: Vec<String> = groups.into_iter().flat_map(Map::keys).cloned().collect();
        let groups = groups
            .iter()
            .map(|group| format!("/components/{}", escape(group)));
        let mut places = vec!["/components".to_owned()];
        places.extend(groups);
        places.extend(["/info", "/paths", "/servers", "/tags"].map(str::to_owned));
        for place in places {
            let Some(reference) = document
                .pointer(&place)
                .and_then(|it| it.get("$ref")?.as_str())
                .filter(|reference| !reference.starts_with('#'))
                .map(str::to_owned)
            else {
                continue;
            };
            let found = self.target("", &reference).and_then(|found| {
                let (file, pointer) = found.ok_or_else(|| "leads to the document".to_owned())?;
                let mut value = self.value(&file, &pointer)?;
                self.rebase(&mut value, &file);
                Ok(value)
            });
            match (found, document.pointer_mut(&place)) {
                (Ok(value), Some(slot)) => *slot = value,
                (Err(why), _) => self.problems.push(format!("{place}: `{reference}` {why}")),
                (Ok(_), None) => {}
            }
        }
    }

    /// Makes the references of a value of another file relative to the document.
    fn rebase(&mut self, value: &mut Value, file: &str) {
        each_reference(value, &mut Vec::new(), &mut |reference, _| {
            let (path, fragment) = split(reference);
            if has_scheme(path) {
                return None;
            }
            let path = match path {
                "" => Ok(file.to_owned()),
                path => resolve(file, path),
            };
            Some(format!("{}#{fragment}", path.ok()?))
        });
    }

    /// Rewrites the references of a value of a file: they lead to copies in the document.
    fn rewrite(&mut self, value: &mut Value, file: &str, at: &mut Vec<String>) {
        each_reference(
            value,
            at,
            &mut |reference, tokens| match self.target(file, reference) {
                Ok(Some((file, pointer))) => match self.copy(file, pointer, kind(tokens)) {
                    Ok((kind, name)) => Some(format!("#/components/{kind}/{}", in_fragment(&name))),
                    Err(why) => {
                        self.problems.push(format!("`{reference}` {why}"));
                        None
                    }
                },
                Ok(None) => Some(format!("#{}", split(reference).1)),
                Err(why) => {
                    self.problems.push(format!("`{reference}` {why}"));
                    None
                }
            },
        );
    }

    /// Returns the file and pointer to which a reference leads; `None` for the document itself.
    fn target(&mut self, file: &str, reference: &str) -> Result<Option<(String, String)>, String> {
        let (path, fragment) = split(reference);
        let pointer = percent_decoded(fragment).into_owned();
        if path.is_empty() {
            let here = (!file.is_empty()).then(|| (file.to_owned(), pointer));
            return Ok(here);
        }
        if self.own.as_deref().is_some_and(|own| split(own).0 == path) {
            return Ok(None);
        }
        if has_scheme(path) || path.starts_with("//") {
            return Err(
                "leads to a URL, and nothing is fetched; save the file beside the document"
                    .to_owned(),
            );
        }
        let file = resolve(file, path)?;
        Ok((!self.is_original(&file)).then_some((file, pointer)))
    }

    /// Returns whether a file is the document itself.
    fn is_original(&mut self, file: &str) -> bool {
        if let Some(known) = self.is_original.get(file) {
            return *known;
        }
        let is_read = self.content(file).is_ok();
        let content = self
            .files
            .get(file)
            .and_then(|content| content.as_ref().ok());
        let is_original = is_read && content == Some(&self.original);
        self.is_original.insert(file.to_owned(), is_original);
        is_original
    }

    fn content(&mut self, file: &str) -> Result<&Value, String> {
        let load = &mut self.load;
        let content = self
            .files
            .entry(file.to_owned())
            .or_insert_with(|| load(file));
        content
            .as_ref()
            .map_err(|why| format!("cannot be read: {why}"))
    }

    fn value(&mut self, file: &str, pointer: &str) -> Result<Value, String> {
        match self.content(file)?.pointer(pointer) {
            Some(value) => Ok(value.clone()),
            None => Err(format!("leads nowhere in `{file}`")),
        }
    }

    /// Returns the place of the copy of a value.
    fn copy(&mut self, file: String, pointer: String, kind: &'static str) -> Result<Place, String> {
        let key = (file, pointer);
        if let Some(place) = self.copies.get(&key) {
            return Ok(place.clone());
        }
        if self.copies.len() >= MAX_COPIES {
            return Err("leads to one value too many".to_owned());
        }
        let (file, pointer) = &key;
        self.value(file, pointer)?;
        let taken = self.taken.entry(kind.to_owned()).or_default();
        let wanted = name(file, pointer);
        let mut name = wanted.clone();
        let mut number = 2;
        while taken.contains(&name) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        taken.push(name.clone());
        self.pending.push_back(key.clone());
        self.copies.insert(key, (kind, name.clone()));
        Ok((kind, name))
    }

    /// Returns the next copy, with its references rewritten.
    fn next_copy(&mut self) -> Option<(Place, Value)> {
        let (file, pointer) = self.pending.pop_front()?;
        let place = self.copies.get(&(file.clone(), pointer.clone()))?.clone();
        let mut value = self.value(&file, &pointer).ok()?;
        let mut at = vec!["components".to_owned(), place.0.to_owned(), place.1.clone()];
        self.rewrite(&mut value, &file, &mut at);
        Some((place, value))
    }
}

/// Returns the names of the components of a document, by kind.
fn taken(document: &Value) -> BTreeMap<String, Vec<String>> {
    let components = document.get("components").and_then(Value::as_object);
    let names = |(kind, all): (&String, &Value)| {
        let names = all.as_object().map(|all| all.keys().cloned().collect());
        (kind.clone(), names.unwrap_or_default())
    };
    components.into_iter().flatten().map(names).collect()
}

/// Adds a component to a document.
fn insert(document: &mut Value, (kind, name): &Place, value: Value) {
    let Some(root) = document.as_object_mut() else {
        return;
    };
    let object = || Value::Object(Map::new());
    let components = root.entry("components").or_insert_with(object);
    if let Some(components) = components.as_object_mut()
        && let Some(all) = components
            .entry(*kind)
            .or_insert_with(object)
            .as_object_mut()
    {
        all.insert(name.clone(), value);
    }
}

/// Returns the name of a copy: the last word of its pointer, or the name of its file.
fn name(file: &str, pointer: &str) -> String {
    let named = last_token(pointer);
    if !named.is_empty() {
        return named.into_owned();
    }
    let base = file.rsplit('/').next().unwrap_or(file);
    let stem = base.split('.').next().unwrap_or(base);
    if stem.is_empty() { base } else { stem }.to_owned()
}

#[cfg(test)]
mod tests;
