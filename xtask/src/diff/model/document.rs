//! A JSON document as a tree: each node knows its JSON pointer, and references resolve to nodes.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use serde_json::Value;

use crate::diff::model::anchors;
use crate::diff::model::location::Location;
use crate::diff::model::member::member;
use crate::diff::model::shown_value::ShownValue;
use crate::diff::model::subtypes::Subtypes;
use neo_client_codegen::openapi::pointer::{escape, unescape};
use neo_client_codegen::openapi::reference::{MAX_CHAIN, percent_decoded};

/// A JSON pointer (RFC 6901) as a chain of steps, so that a child pointer copies nothing.
#[derive(Clone, Default)]
pub struct Pointer<'d>(Option<Rc<Step<'d>>>);

struct Step<'d> {
    parent: Pointer<'d>,
    token: Cow<'d, str>,
    /// A name for an array element, where the order of the array has no meaning.
    label: Option<String>,
}

impl<'d> Pointer<'d> {
    fn then(&self, token: Cow<'d, str>, label: Option<String>) -> Self {
        Self(Some(Rc::new(Step {
            parent: self.clone(),
            token,
            label,
        })))
    }

    /// Returns the pointer and the stable pointer.
    pub fn location(&self) -> Location {
        let mut steps = Vec::new();
        let mut at = self;
        while let Some(step) = &at.0 {
            steps.push(step);
            at = &step.parent;
        }
        let length = steps.iter().map(|step| step.token.len() + 1).sum();
        let mut pointer = String::with_capacity(length);
        let mut named: Option<String> = None;
        for step in steps.into_iter().rev() {
            let token = escape(&step.token);
            if let Some(label) = &step.label {
                let named = named.get_or_insert_with(|| pointer.clone());
                named.push('/');
                named.push_str(&escape(label));
            } else if let Some(named) = &mut named {
                named.push('/');
                named.push_str(&token);
            }
            pointer.push('/');
            pointer.push_str(&token);
        }
        let pointer = pointer.into_boxed_str();
        let named = named.filter(|named| **named != *pointer);
        Location {
            pointer,
            named: named.map(String::into_boxed_str),
        }
    }

    /// Returns kind and name if the pointer is `/components/<kind>/<name>`.
    pub fn component(&self) -> Option<(&str, &str)> {
        let name = self.0.as_ref()?;
        let kind = name.parent.0.as_ref()?;
        let room = kind.parent.0.as_ref()?;
        (room.token == "components" && room.parent.0.is_none())
            .then_some((kind.token.as_ref(), name.token.as_ref()))
    }
}

/// A value of a document and its JSON pointer.
#[derive(Clone)]
pub struct Node<'d> {
    pub value: &'d Value,
    pub pointer: Pointer<'d>,
}

impl<'d> Node<'d> {
    /// Returns the identity of the node: the address of its value.
    pub fn address(&self) -> usize {
        std::ptr::from_ref(self.value) as usize
    }

    /// Returns whether the node is one of several.
    pub fn is_among(&self, nodes: &[Node<'_>]) -> bool {
        nodes.iter().any(|node| node.address() == self.address())
    }

    pub fn get(&self, key: &'static str) -> Option<Self> {
        let value = member(self.value, key)?;
        Some(Self {
            value,
            pointer: self.pointer.then(Cow::Borrowed(key), None),
        })
    }

    /// Returns a property of an object, or the object itself at the pointer of the missing
    /// property.
    pub fn below(&self, token: &str) -> Self {
        let value = member(self.value, token).unwrap_or(self.value);
        Self {
            value,
            pointer: self.pointer.then(Cow::Owned(token.to_owned()), None),
        }
    }

    pub fn text(&self, key: &str) -> Option<&'d str> {
        member(self.value, key)?.as_str()
    }

    pub fn flag(&self, key: &str) -> Option<bool> {
        member(self.value, key)?.as_bool()
    }

    /// Iterates over the properties of an object.
    pub fn entries(&self) -> impl Iterator<Item = (&'d str, Self)> + use<'d> {
        let pointer = self.pointer.clone();
        self.value
            .as_object()
            .into_iter()
            .flatten()
            .map(move |(key, value)| {
                let pointer = pointer.then(Cow::Borrowed(key), None);
                (key.as_str(), Self { value, pointer })
            })
    }

    /// Iterates over the elements of an array.
    pub fn items(&self) -> impl Iterator<Item = Self> + use<'d> {
        let pointer = self.pointer.clone();
        self.value
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
            .map(move |(index, value)| Self {
                value,
                pointer: pointer.then(Cow::Owned(index.to_string()), None),
            })
    }

    /// Returns the node with a name that does not depend on its position.
    pub fn labelled(self, label: impl Into<String>) -> Self {
        let pointer = match &self.pointer.0 {
            Some(step) => step.parent.then(step.token.clone(), Some(label.into())),
            None => self.pointer,
        };
        Self {
            value: self.value,
            pointer,
        }
    }

    pub fn location(&self) -> Location {
        self.pointer.location()
    }

    /// Returns the value, as a change shows it.
    pub fn shown(&self) -> ShownValue<'d> {
        ShownValue::There(self.value)
    }
}

/// A document and its references.
pub struct Document<'d> {
    root: &'d Value,
    targets: RefCell<HashMap<&'d str, Option<Node<'d>>>>,
    subtypes: OnceCell<Subtypes<'d>>,
    /// References by pointer to the schemas with an `$anchor`, by name.
    anchors: OnceCell<HashMap<&'d str, String>>,
}

impl<'d> Document<'d> {
    pub fn new(root: &'d Value) -> Self {
        Self {
            root,
            targets: RefCell::default(),
            subtypes: OnceCell::new(),
            anchors: OnceCell::new(),
        }
    }

    pub fn root(&self) -> Node<'d> {
        Node {
            value: self.root,
            pointer: Pointer::default(),
        }
    }

    /// Returns the target of a reference into this document.
    pub fn target(&self, reference: &'d str) -> Option<Node<'d>> {
        if let Some(known) = self.targets.borrow().get(reference) {
            return known.clone();
        }
        let found = self.find(reference);
        self.targets.borrow_mut().insert(reference, found.clone());
        found
    }

    fn find(&self, reference: &str) -> Option<Node<'d>> {
        let pointer = reference.strip_prefix('#')?;
        let mut node = self.root();
        if pointer.is_empty() {
            return Some(node);
        }
        let Some(tokens) = pointer.strip_prefix('/') else {
            let anchors = self.anchors.get_or_init(|| anchors::of(self.root));
            return self.find(anchors.get(pointer)?);
        };
        for token in tokens.split('/') {
            let mut token: Cow<'d, str> = Cow::Owned(unescape(token).into_owned());
            let value = match node.value {
                Value::Array(items) => items.get(token.parse::<usize>().ok()?)?,
                Value::Object(object) => match object.get(token.as_ref()) {
                    Some(value) => value,
                    // A reference is a URI reference: its tokens may also be percent-encoded.
                    None => {
                        token = Cow::Owned(percent_decoded(&token).into_owned());
                        object.get(token.as_ref())?
                    }
                },
                _ => return None,
            };
            node = Node {
                value,
                pointer: node.pointer.then(token, None),
            };
        }
        Some(node)
    }

    /// Returns the component schema that a reference names, with its name.
    pub fn schema(&self, reference: &str) -> Option<(&'d str, Node<'d>)> {
        let name = reference.strip_prefix("#/components/schemas/")?;
        let schemas = self.root().get("components")?.get("schemas")?;
        let (name, value) = schemas
            .value
            .as_object()?
            .get_key_value(unescape(name).as_ref())?;
        let pointer = schemas.pointer.then(Cow::Borrowed(name), None);
        Some((name, Node { value, pointer }))
    }

    /// Returns the identity of the target of a reference.
    pub fn address_of(&self, reference: &str) -> Option<usize> {
        let value = self.root.pointer(reference.strip_prefix('#')?)?;
        Some(std::ptr::from_ref(value) as usize)
    }

    /// Follows a chain of references. Returns `None` if the chain is broken or circular.
    pub fn resolve(&self, node: &Node<'d>) -> Option<Node<'d>> {
        let mut node = node.clone();
        for _ in 0..MAX_CHAIN {
            let Some(reference) = node.text("$ref") else {
                return Some(node);
            };
            node = self.target(reference)?;
        }
        None
    }

    /// Returns the subtypes of the component at a node, by name.
    pub fn subtypes(&self, node: &Node<'d>) -> BTreeMap<&'d str, Node<'d>> {
        let Some(("schemas", base)) = node.pointer.component() else {
            return BTreeMap::new();
        };
        let subtypes = self.subtypes.get_or_init(|| Subtypes::of(self.root));
        let components = self.root().get("components");
        let Some(schemas) = components.and_then(|components| components.get("schemas")) else {
            return BTreeMap::new();
        };
        let named = subtypes.of_base(base);
        named
            .filter_map(|name| {
                let (name, value) = schemas.value.as_object()?.get_key_value(name)?;
                let pointer = schemas.pointer.then(Cow::Borrowed(name), None);
                Some((name.as_str(), Node { value, pointer }))
            })
            .collect()
    }

    pub fn has_schema(&self, name: &str) -> bool {
        let schemas = self
            .root
            .get("components")
            .and_then(|components| components.get("schemas"));
        schemas.is_some_and(|schemas| schemas.get(name).is_some())
    }
}
