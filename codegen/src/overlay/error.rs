//! Errors of an overlay document, and of applying it to a document.

/// The reason why an overlay could not be applied. Each text begins with the JSON pointer of the
/// location in the overlay document.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OverlayError {
    /// A required field is absent.
    #[error("{at}: required by the overlay specification, but missing")]
    Missing {
        /// The field, as a JSON pointer into the overlay.
        at: String,
    },
    /// A field has a value of the wrong JSON type.
    #[error("{at}: expected {expected}, found {found}")]
    Type {
        /// The field, as a JSON pointer into the overlay; empty for the whole document.
        at: String,
        /// The JSON type that the specification requires.
        expected: &'static str,
        /// The JSON type of the value.
        found: &'static str,
    },
    /// This version of the specification has no such field.
    #[error("{at}: not a field of overlay {version}; correct its name, or begin it with `x-`")]
    UnknownField {
        /// The field, as a JSON pointer into the overlay.
        at: String,
        /// The value of `/overlay`.
        version: String,
    },
    /// The overlay has an unknown version of the specification.
    #[error("/overlay: version {found:?} is not supported; write \"1.1.0\" (or \"1.0.0\")")]
    Version {
        /// The value of `/overlay`.
        found: String,
    },
    /// `actions` is empty.
    #[error("/actions: empty; an overlay needs at least one action")]
    NoActions,
    /// An action appears twice.
    #[error("{at}: the same action as {first}; remove one of them")]
    DuplicateAction {
        /// The later action, as a JSON pointer into the overlay.
        at: String,
        /// The earlier one.
        first: String,
    },
    /// One action has `update` and `copy`; by the specification, neither has an effect then.
    #[error(
        "{at}: has both `update` and `copy`, which switch each other off; make two actions of it"
    )]
    UpdateAndCopy {
        /// The action, as a JSON pointer into the overlay.
        at: String,
    },
    /// A JSONPath is invalid (RFC 9535).
    #[error("{at}: {path:?} is not a JSONPath of RFC 9535: {reason}")]
    Path {
        /// The field, as a JSON pointer into the overlay.
        at: String,
        /// The JSONPath.
        path: String,
        /// The problem and its location.
        reason: String,
    },
    /// A target of `update` or `copy` selects nodes of more than one kind.
    #[error(
        "{at}: {target:?} selects {objects} objects, {arrays} arrays and {primitives} primitives; \
         `update` and `copy` need nodes of one kind"
    )]
    MixedTargets {
        /// The field, as a JSON pointer into the overlay.
        at: String,
        /// The JSONPath.
        target: String,
        /// The number of selected objects.
        objects: usize,
        /// The number of selected arrays.
        arrays: usize,
        /// The number of selected strings, numbers, booleans and nulls.
        primitives: usize,
    },
    /// The JSONPath of a `copy` does not select exactly one node.
    #[error("{at}: {path:?} selects {found} nodes; `copy` needs exactly one")]
    CopySource {
        /// The field, as a JSON pointer into the overlay.
        at: String,
        /// The JSONPath.
        path: String,
        /// The number of selected nodes.
        found: usize,
    },
    /// The new value cannot be merged into the value in the document.
    #[error(
        "{at}: cannot merge {update} into the {target} at {place:?} of the document; \
         correct it, or remove that first"
    )]
    Incompatible {
        /// The field, as a JSON pointer into the overlay.
        at: String,
        /// The location in the document, as a JSON pointer.
        place: String,
        /// The JSON type of the new value.
        update: &'static str,
        /// The JSON type of the value in the document.
        target: &'static str,
    },
    /// The action would nest the document deeper than any reader accepts.
    #[error("{at}: would nest the document deeper than 127 levels at {place:?}")]
    TooDeep {
        /// The field, as a JSON pointer into the overlay.
        at: String,
        /// The location in the document, as a JSON pointer.
        place: String,
    },
    /// The action would remove the whole document.
    #[error("{at}: {target:?} selects the root of the document, which cannot be removed")]
    RemoveRoot {
        /// The field, as a JSON pointer into the overlay.
        at: String,
        /// The JSONPath.
        target: String,
    },
}
