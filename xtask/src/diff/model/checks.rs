//! The table of checks: every kind of change, its effect in each direction, and its sentence.
//!
//! One rule applies: narrowing a request breaks clients, and so does widening a response. Rows that
//! depart from the rule, or on which tools differ, say why. A policy file can override each row.

/// The part of a document that a check is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    Document,
    Operation,
    Parameter,
    Body,
    Response,
    Security,
    Schema,
}

impl Area {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::Body => "body",
            Self::Response => "response",
            Self::Security => "security",
            Self::Schema => "schema",
        }
    }
}

/// A kind of change.
#[derive(Debug)]
pub struct Check {
    pub id: &'static str,
    pub area: Area,
    /// The effect on requests.
    pub request: Wire,
    /// The effect on responses.
    pub response: Wire,
    /// The predicate of the sentence about the subject.
    pub predicate: &'static str,
    /// The consequence for a client, where the change breaks.
    pub consequence: &'static str,
}

impl Check {
    pub fn effect(&self, direction: Direction) -> Wire {
        match direction {
            Direction::Request => self.request,
            Direction::Response => self.response,
        }
    }

    /// Returns whether the tool cannot judge this kind of change and takes it for breaking.
    pub fn is_unknown(&self) -> bool {
        self.id.starts_with("unknown-")
    }
}

/// Returns the check with this id.
pub fn named(id: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.id == id)
}

use Area::{Body, Document, Operation, Parameter, Response, Schema, Security};
use Wire::{Breaking as B, Compatible as C, DocsOnly as D, None as N};

use crate::diff::model::verdict::{Direction, Wire};

macro_rules! checks {
    ($($(#[$why:meta])* $name:ident $id:literal $area:ident $request:ident $response:ident $predicate:literal $consequence:literal;)*) => {
        $($(#[$why])* pub static $name: Check = Check {
            id: $id, area: $area, request: $request, response: $response, predicate: $predicate, consequence: $consequence,
        };)*
        /// All checks, in the order of the table.
        pub static ALL: &[&Check] = &[$(&$name),*];
    };
}

checks! {
    DOCUMENT_DOCS "document-docs-changed" Document D D "the document's description changed" "";
    VERSION_CHANGED "version-changed" Document D D "the API's version changed" "";
    /// The client sets its base URL, and the old host may keep working.
    SERVERS_CHANGED "servers-changed" Document C C "the servers changed" "";
    /// The base paths of all servers differ, and so does every URL.
    BASE_PATH_CHANGED "base-path-changed" Document B B "the base path of all servers changed" "requests go to paths that no longer exist";
    COMPONENT_RENAMED "component-renamed" Document N N "has another name" "";

    OPERATION_ADDED "operation-added" Operation C C "was added" "";
    OPERATION_REMOVED "operation-removed" Operation B B "was removed" "every call fails";
    /// Users were warned: the base says `deprecated`, and the sunset has passed.
    OPERATION_RETIRED "operation-removed-after-deprecation" Operation C C "was removed after its deprecation" "";
    OPERATION_DOCS "operation-docs-changed" Operation D D "the description changed" "";
    OPERATION_ID "operation-id-changed" Operation N N "the operationId changed" "";
    OPERATION_TAGS "operation-tags-changed" Operation N N "the tags changed" "";
    WEBHOOK_ADDED "webhook-added" Operation C C "was added" "";
    WEBHOOK_REMOVED "webhook-removed" Operation B B "was removed" "a server that waits for the call is never called";
    CALLBACK_ADDED "callback-added" Operation C C "was added" "";
    CALLBACK_REMOVED "callback-removed" Operation B B "was removed" "a server that waits for the call is never called";
    DEPRECATED "deprecated" Operation C C "became deprecated" "";
    REACTIVATED "reactivated" Operation C C "is no longer deprecated" "";
    SUNSET_CHANGED "sunset-changed" Operation C C "the sunset was set or moved to a later day" "";
    SUNSET_EARLIER "sunset-moved-earlier" Operation B B "the sunset is earlier" "users who planned with the old date are too late";
    SUNSET_TOO_SOON "sunset-too-soon" Operation B B "the sunset is not in the future" "the operation may be gone already";
    SUNSET_REMOVED "sunset-removed" Operation B B "is deprecated and lost its sunset" "the promised date no longer applies";
    SUNSET_INVALID "sunset-invalid" Operation B B "the sunset is not a date" "the end of support is unknown";
    /// The old value is not a date, so that the two cannot be compared.
    UNKNOWN_SUNSET "unknown-sunset" Operation B B "the sunset was not a date before" "users who planned with the old sunset may be too late";
    /// The level is not one of `draft`, `alpha`, `beta` and `stable`.
    UNKNOWN_STABILITY "unknown-stability" Operation B B "the stability is or was an unknown level" "the promised stability is unknown";
    STABILITY_DECREASED "stability-decreased" Operation B B "became less stable" "it may change or go without notice";
    STABILITY_INCREASED "stability-increased" Operation C C "became more stable" "";

    PARAMETER_ADDED_REQUIRED "required-parameter-added" Parameter B B "was added and is required" "requests without it are rejected";
    PARAMETER_ADDED_OPTIONAL "optional-parameter-added" Parameter C C "was added and is optional" "";
    PARAMETER_REMOVED "parameter-removed" Parameter B B "was removed" "requests with it are ignored or rejected";
    PARAMETER_RETIRED "parameter-removed-after-deprecation" Parameter C C "was removed after its deprecation" "";
    PARAMETER_MOVED "parameter-moved" Parameter B B "is sent in another location" "the server looks for it elsewhere";
    PARAMETER_REQUIRED "parameter-became-required" Parameter B B "became required" "requests without it are rejected";
    PARAMETER_OPTIONAL "parameter-became-optional" Parameter C C "became optional" "";
    PARAMETER_STYLE "parameter-style-changed" Parameter B B "is serialized in another style" "the server reads another value than was sent";
    /// A list with one element is serialized like the element alone.
    VALUE_BECAME_LIST "value-became-list" Parameter C B "can be several values" "the client reads them as one value";
    LIST_BECAME_VALUE "list-became-value" Parameter B C "can no longer be several values" "requests with more than one value are rejected";
    PARAMETER_NO_EMPTY "parameter-empty-value-disallowed" Parameter B B "may no longer be empty" "requests with an empty value are rejected";
    PARAMETER_EMPTY "parameter-empty-value-allowed" Parameter C C "may be empty" "";
    PARAMETER_RESERVED "parameter-reserved-characters-changed" Parameter B B "is escaped in another way" "the server reads another value than was sent";
    /// The server applies the default to requests without the parameter.
    PARAMETER_DEFAULT "parameter-default-changed" Parameter B B "has another default" "requests without it have another meaning";
    PARAMETER_DOCS "parameter-docs-changed" Parameter D D "the description changed" "";

    BODY_ADDED_REQUIRED "required-request-body-added" Body B B "was added and is required" "requests without it are rejected";
    BODY_ADDED_OPTIONAL "optional-request-body-added" Body C C "was added and is optional" "";
    BODY_REMOVED "request-body-removed" Body B B "was removed" "the body that the client sends is ignored or rejected";
    BODY_REQUIRED "request-body-became-required" Body B B "became required" "requests without it are rejected";
    BODY_OPTIONAL "request-body-became-optional" Body C C "became optional" "";
    BODY_DOCS "request-body-docs-changed" Body D D "the description changed" "";
    MEDIA_TYPE_ADDED "media-type-added" Body C C "was added" "";
    MEDIA_TYPE_REMOVED "media-type-removed" Body B B "was removed" "clients that use it are not understood";
    MEDIA_TYPE_WIDENED "media-type-generalized" Body C B "covers more media types" "the response may have a media type that the client cannot read";
    MEDIA_TYPE_NARROWED "media-type-specialized" Body B C "covers fewer media types" "a body with another media type is rejected";
    /// A request with the old parameters may be rejected. Responses decode as before.
    MEDIA_TYPE_PARAMETERS "media-type-parameters-changed" Body B C "has other parameters" "a body with the old parameters is rejected";
    ENCODING_CHANGED "encoding-changed" Body B B "is encoded in another way" "the parts of the body are read differently";
    EXAMPLES_CHANGED "examples-changed" Body D D "the examples changed" "";

    SUCCESS_ADDED "success-status-added" Response C C "was added" "";
    SUCCESS_REMOVED "success-status-removed" Response B B "was removed" "the client does not get the expected response";
    /// The response had no body and no required header, so it promised nothing.
    SILENT_DEFAULT_REMOVED "silent-default-removed" Response C C "was removed, and had neither body nor required header" "";
    ERROR_ADDED "error-status-added" Response C C "was added" "";
    ERROR_REMOVED "error-status-removed" Response C C "was removed" "";
    RESPONSE_DOCS "response-docs-changed" Response D D "the description changed" "";
    HEADER_ADDED "response-header-added" Response C C "was added" "";
    /// Documents rarely mark response headers as required, although clients rely on them.
    HEADER_REMOVED "response-header-removed" Response B B "was removed" "clients that read it find nothing";
    HEADER_OPTIONAL "response-header-became-optional" Response B B "became optional" "clients that read it may find nothing";
    HEADER_REQUIRED "response-header-became-required" Response C C "became required" "";
    HEADER_STYLE "response-header-style-changed" Response B B "is serialized in another style" "the client reads another value than was sent";
    HEADER_DOCS "response-header-docs-changed" Response D D "the description changed" "";
    LINKS_CHANGED "links-changed" Response D D "the links changed" "";

    SECURITY_TIGHTENED "security-tightened" Security B B "requires more credentials" "requests with the old credentials are rejected";
    SECURITY_RELAXED "security-relaxed" Security C C "accepts more credentials, or requires fewer" "";
    SECURITY_SCHEME_CHANGED "security-scheme-changed" Security B B "is another kind of credential" "the server does not read the credentials that the client sends";
    /// A browser opens the URL, and the vendor redirects it.
    SECURITY_AUTHORIZATION_URL "security-authorization-url-changed" Security C C "the authorization URL changed" "";
    SECURITY_URL "security-url-changed" Security B B "the token URL changed" "a client with the old URL gets no token";
    SECURITY_URL_ADDED "security-url-added" Security C C "a URL was added" "";
    SECURITY_FLOW_ADDED "security-flow-added" Security C C "a flow was added" "";
    SECURITY_FLOW_REMOVED "security-flow-removed" Security B B "a flow was removed" "clients that use it get no token";
    SECURITY_SCOPES "security-scopes-changed" Security C C "has other scopes" "";
    SECURITY_SCHEME_ADDED "security-scheme-added" Security C C "was added" "";
    SECURITY_SCHEME_UNUSED "unused-security-scheme-changed" Security C C "was changed or removed; no operation requires it" "";
    SECURITY_DOCS "security-docs-changed" Security D D "the description changed" "";

    SCHEMA_DOCS "schema-docs-changed" Schema D D "the description changed" "";
    TYPE_CHANGED "schema-type-changed" Schema B B "has another type" "values of the other type are not understood";
    TYPE_WIDENED "schema-type-widened" Schema C B "admits more types" "the client cannot decode a new value";
    TYPE_NARROWED "schema-type-narrowed" Schema B C "admits fewer types" "values that were valid are rejected";
    /// In text, `1` and `"1"` are the same value.
    TYPE_RESPELLED "schema-type-respelled" Schema N N "has another type for the same texts" "";
    /// `string` was among the types, and as text it includes the values of the others.
    TYPE_LEFT_TO_TEXT "schema-type-left-to-text" Schema C C "has fewer types, but still includes their values as text" "";
    NULLABLE "schema-became-nullable" Schema C B "can be null" "the client does not expect null";
    NOT_NULLABLE "schema-became-not-nullable" Schema B C "can no longer be null" "requests that send null are rejected";
    FORMAT_CHANGED "schema-format-changed" Schema B B "has another format" "values of the other format are not understood";
    FORMAT_WIDENED "schema-format-widened" Schema C B "has a wider format, or none" "the client cannot decode a new value";
    FORMAT_NARROWED "schema-format-narrowed" Schema B C "has a narrower format" "values that were valid are rejected";
    ENUM_VALUE_ADDED "enum-value-added" Schema C B "has another value" "a client that knows only the old values cannot decode the new one";
    ENUM_VALUE_REMOVED "enum-value-removed" Schema B C "has lost a value" "requests that send it are rejected";
    ENUM_ADDED "schema-became-enum" Schema B C "is limited to a list of values" "other values, which were valid, are rejected";
    ENUM_REMOVED "schema-no-longer-enum" Schema C B "is no longer limited to a list of values" "the client cannot decode a new value";
    CONST_CHANGED "const-changed" Schema B B "has another constant value" "the server rejects the old value, and the client does not expect the new one";
    /// The list is open by definition, so a response could hold other values before.
    EXTENSIBLE_VALUE_ADDED "extensible-enum-value-added" Schema C C "has another known value" "";
    EXTENSIBLE_VALUE_REMOVED "extensible-enum-value-removed" Schema B C "has lost a known value" "requests that send it are rejected";
    /// `anyOf` of a list and any string: the list is a hint.
    KNOWN_VALUES_CHANGED "known-values-changed" Schema C C "lists other known values" "";
    LIMIT_TIGHTENED "limit-tightened" Schema B C "has a tighter limit" "values that were valid are rejected";
    LIMIT_RELAXED "limit-relaxed" Schema C B "has a wider limit, or none" "a value can exceed the old limit";
    PATTERN_ADDED "pattern-added" Schema B C "must match a pattern" "values that do not match are rejected";
    /// Clients do not check patterns of responses.
    PATTERN_CHANGED "pattern-changed" Schema B C "must match another pattern" "values that match only the old pattern are rejected";
    PATTERN_REMOVED "pattern-removed" Schema C C "no longer has a pattern" "";
    MULTIPLE_CHANGED "multiple-of-changed" Schema B B "must be a multiple of another number" "values that were valid are rejected";
    CONTENT_CHANGED "content-encoding-changed" Schema B B "is encoded in another way" "the text decodes to another value";
    XML_CHANGED "xml-changed" Schema B B "has another XML name" "the element is not found";
    DEFAULT_CHANGED "default-changed" Schema C C "has another default" "";
    READ_ONLY "schema-read-only-changed" Schema C C "readOnly changed" "";
    WRITE_ONLY "schema-write-only-changed" Schema C C "writeOnly changed" "";
    /// No request had the property before; now every request must.
    REQUIRED_NOT_READ_ONLY "required-property-no-longer-read-only" Schema B C "is required and no longer readOnly" "requests, which never contained it, are rejected without it";
    /// No response had the property before; now every response does.
    REQUIRED_NOT_WRITE_ONLY "required-property-no-longer-write-only" Schema C B "is required and no longer writeOnly" "responses contain a property that they never contained";

    PROPERTY_ADDED_REQUIRED "required-property-added" Schema B C "was added and is required" "requests without it are rejected";
    PROPERTY_ADDED_OPTIONAL "optional-property-added" Schema C C "was added and is optional" "";
    PROPERTY_REMOVED_REQUIRED "required-property-removed" Schema B B "was removed" "the server ignores or rejects it, and the client fails to decode responses without it";
    /// In a response the property could be absent before, and clients handle that.
    PROPERTY_REMOVED_OPTIONAL "optional-property-removed" Schema B C "was removed" "the value that the client sends is ignored or rejected";
    PROPERTY_REQUIRED "property-became-required" Schema B C "became required" "requests without it are rejected";
    /// Clients cannot send a property that the document does not declare. This is an error in the
    /// document.
    UNDECLARED_REQUIRED "undeclared-property-required" Schema C C "requires a property that is not declared, an error of the document" "";
    PROPERTY_OPTIONAL "property-became-optional" Schema C B "became optional" "the client fails to decode values without it";
    ADDITIONAL_CLOSED "additional-properties-forbidden" Schema B C "forbids additional properties" "requests with other properties are rejected";
    ADDITIONAL_OPENED "additional-properties-allowed" Schema C B "allows additional properties" "a client that refuses unknown properties fails";
    ADDITIONAL_TYPED "additional-properties-restricted" Schema B C "restricts additional properties" "requests with other properties are rejected";
    ADDITIONAL_UNTYPED "additional-properties-unrestricted" Schema C B "no longer restricts additional properties" "the client cannot decode a new value";

    ITEMS_ADDED "items-added" Schema B C "restricts its elements" "requests with other elements are rejected";
    ITEMS_REMOVED "items-removed" Schema C B "no longer restricts its elements" "the client cannot decode a new element";
    /// Clients read a tuple of the documented length.
    PREFIX_ITEM_ADDED "prefix-item-added" Schema C B "has another element" "the client expects fewer";
    PREFIX_ITEM_REMOVED "prefix-item-removed" Schema B C "has lost an element" "the server expects fewer";

    UNION_BRANCH_ADDED "union-branch-added" Schema C B "has another variant" "the client cannot decode a new value";
    UNION_BRANCH_REMOVED "union-branch-removed" Schema B C "has lost a variant" "requests that use it are rejected";
    /// A value of the new `anyOf` variant also matches a variant that the client knows.
    UNION_BRANCH_FITS "union-branch-added-alike" Schema C C "has another variant that a known variant includes" "";
    UNION_ADDED "union-added" Schema B C "must also match one of several variants" "values that match none are rejected";
    UNION_REMOVED "union-removed" Schema C B "no longer has to match one of several variants" "the client cannot decode a new value";
    /// The variants are compared by themselves, and the discriminator is a hint.
    DISCRIMINATOR_CHANGED "discriminator-changed" Schema C C "the discriminator was added or removed" "";
    DISCRIMINATOR_PROPERTY "discriminator-property-changed" Schema B B "the discriminator is another property" "each side looks for a property that the other does not send";
    DISCRIMINATOR_VALUE_REDIRECTED "discriminator-value-redirected" Schema B B "the discriminator has a value that names another schema" "one side reads another schema than the other sends";
    DISCRIMINATOR_VALUE_ADDED "discriminator-value-added" Schema C B "the discriminator has another value" "the client does not know the new value";
    DISCRIMINATOR_VALUE_REMOVED "discriminator-value-removed" Schema B C "the discriminator has lost a value" "requests that use it are rejected";
    /// Variants do not overlap if required properties, constants or types distinguish them.
    UNION_OVERLAP "union-branches-overlap" Schema B C "overlaps with another variant, and exactly one may match" "values that were valid match two variants and are rejected";
    UNION_EXCLUSIVE "union-became-exclusive" Schema C C "may match only one variant" "";
    /// One variant that the client knows matches.
    UNION_NOT_EXCLUSIVE "union-no-longer-exclusive" Schema C C "may match several variants" "";
    /// The effects of the component are separate changes. Only the name is left.
    COMPOSITION_ADDED "composition-added" Schema N N "is composed of another component" "";
    COMPOSITION_REMOVED "composition-removed" Schema N N "is no longer composed of another component" "";
    EXCLUSION_TIGHTENED "exclusion-tightened" Schema B C "excludes more" "values that were valid are rejected";
    EXCLUSION_RELAXED "exclusion-relaxed" Schema C B "excludes less" "a value that was excluded is valid";
    EXCLUSION_CHANGED "exclusion-changed" Schema B B "excludes other values" "values that were valid are rejected, and new values are valid";
    CONSTRAINT_ADDED "constraint-added" Schema B C "has another constraint" "values that violate it are rejected";
    CONSTRAINT_REMOVED "constraint-removed" Schema C B "has lost a constraint" "a value that was excluded is valid";
    DEPENDENCY_CHANGED "dependent-required-changed" Schema B B "has other dependencies between properties" "requests that were complete may be incomplete";

    UNKNOWN_CHANGE "unknown-change" Schema B B "changed in a way that cannot be judged" "compare the two by hand";
    UNKNOWN_REFERENCE "unknown-reference" Schema B B "has a reference without a target" "the effect is unknown";
}
