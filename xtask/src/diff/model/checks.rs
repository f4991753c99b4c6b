//! The table of checks: every kind of change, its effect on the set of valid messages, and its
//! sentences.
//!
//! One law gives the effect on the wire: narrowing what a client sends breaks clients, and so does
//! widening what a client receives. Rows that depart from the law state their effects and the
//! reason. A policy file can override each row.

use crate::diff::model::verdict::{Direction, Wire};

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

/// The effect of a change on the set of valid messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// A message that was valid is not valid any more.
    Narrows,
    /// A message that was not valid is valid.
    Widens,
    /// Both, or a message has another meaning.
    Changes,
    /// Neither.
    Fits,
    /// Only words differ.
    Words,
    /// Only the spelling or a name differs.
    Spelling,
}

impl Effect {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Narrows => "narrows",
            Self::Widens => "widens",
            Self::Changes => "changes",
            Self::Fits => "fits",
            Self::Words => "words",
            Self::Spelling => "spelling",
        }
    }

    /// Returns the effect on the wire by the law.
    pub const fn by_law(self, direction: Direction) -> Wire {
        match (self, direction) {
            (Self::Changes, _)
            | (Self::Narrows, Direction::Request)
            | (Self::Widens, Direction::Response) => Wire::Breaking,
            (Self::Narrows | Self::Widens | Self::Fits, _) => Wire::Compatible,
            (Self::Words, _) => Wire::DocsOnly,
            (Self::Spelling, _) => Wire::None,
        }
    }

    /// Returns whether a message that was valid is not valid any more.
    pub fn narrows(self) -> bool {
        matches!(self, Self::Narrows | Self::Changes)
    }

    /// Returns whether a message that was not valid is valid.
    pub fn widens(self) -> bool {
        matches!(self, Self::Widens | Self::Changes)
    }
}

/// Effects on the wire that depart from the law.
#[derive(Debug)]
pub struct Exception {
    request: Wire,
    response: Wire,
    pub reason: &'static str,
}

/// A kind of change.
#[derive(Debug)]
pub struct Check {
    pub id: &'static str,
    pub area: Area,
    /// The effect on the set of valid messages.
    pub effect: Effect,
    pub exception: Option<Exception>,
    /// The predicate of the sentence about the subject.
    pub predicate: &'static str,
    /// The consequence where a client sends the subject, and where it receives the subject.
    consequences: [&'static str; 2],
}

impl Check {
    /// Returns the effect on the wire where a client sends or receives the subject.
    pub fn wire(&self, direction: Direction) -> Wire {
        match (&self.exception, direction) {
            (Some(exception), Direction::Request) => exception.request,
            (Some(exception), Direction::Response) => exception.response,
            (None, direction) => self.effect.by_law(direction),
        }
    }

    /// Returns the worst effect on the wire.
    pub fn worst(&self) -> Wire {
        self.wire(Direction::Request)
            .max(self.wire(Direction::Response))
    }

    /// Returns the consequence for a client. Empty if the change does not break in the direction.
    pub fn consequence(&self, direction: Direction) -> &'static str {
        let [sent, received] = self.consequences;
        match direction {
            Direction::Request => sent,
            Direction::Response => received,
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
use Wire::{Breaking as B, Compatible as C};

macro_rules! checks {
    ($($(#[$note:meta])* $name:ident $id:literal $area:ident $effect:ident $(except $request:ident $response:ident $reason:literal)? $predicate:literal $sent:literal $received:literal;)*) => {
        $($(#[$note])* pub static $name: Check = Check {
            id: $id,
            area: $area,
            effect: checks!(@effect $effect),
            exception: checks!(@exception $($request $response $reason)?),
            predicate: $predicate,
            consequences: [$sent, $received],
        };)*
        /// All checks, in the order of the table.
        pub static ALL: &[&Check] = &[$(&$name),*];
    };
    (@effect narrows) => { Effect::Narrows };
    (@effect widens) => { Effect::Widens };
    (@effect changes) => { Effect::Changes };
    (@effect fits) => { Effect::Fits };
    (@effect words) => { Effect::Words };
    (@effect spelling) => { Effect::Spelling };
    (@exception) => { None };
    (@exception $request:ident $response:ident $reason:literal) => {
        Some(Exception { request: $request, response: $response, reason: $reason })
    };
}

checks! {
    DOCUMENT_DOCS "document-docs-changed" Document words "the document's description changed" "" "";
    VERSION_CHANGED "version-changed" Document words "the API's version changed" "" "";
    /// The client sets its base URL, and the old host may keep working.
    SERVERS_CHANGED "servers-changed" Document fits "the servers changed" "" "";
    SERVER_DOCS "server-docs-changed" Document words "the description of a server changed" "" "";
    /// The base paths of all servers differ, and so does every URL.
    BASE_PATH_CHANGED "base-path-changed" Document changes "the base path of all servers changed" "requests go to paths that no longer exist" "requests go to paths that no longer exist";
    COMPONENT_RENAMED "component-renamed" Document spelling "has another name" "" "";

    OPERATION_ADDED "operation-added" Operation fits "was added" "" "";
    OPERATION_REMOVED "operation-removed" Operation changes "was removed" "every call fails" "the operation is never called";
    /// Users were warned: the base says `deprecated`, and the sunset has passed.
    OPERATION_RETIRED "operation-removed-after-deprecation" Operation fits "was removed after its deprecation" "" "";
    OPERATION_DOCS "operation-docs-changed" Operation words "the description changed" "" "";
    OPERATION_ID "operation-id-changed" Operation spelling "the operationId changed" "" "";
    OPERATION_TAGS "operation-tags-changed" Operation spelling "the tags changed" "" "";
    WEBHOOK_ADDED "webhook-added" Operation fits "was added" "" "";
    WEBHOOK_REMOVED "webhook-removed" Operation changes "was removed" "a receiver that waits for the call is never called" "a receiver that waits for the call is never called";
    CALLBACK_ADDED "callback-added" Operation fits "was added" "" "";
    CALLBACK_REMOVED "callback-removed" Operation changes "was removed" "a receiver that waits for the call is never called" "a receiver that waits for the call is never called";
    DEPRECATED "deprecated" Operation fits "became deprecated" "" "";
    REACTIVATED "reactivated" Operation fits "is no longer deprecated" "" "";
    SUNSET_CHANGED "sunset-changed" Operation fits "the sunset was set or moved to a later day" "" "";
    SUNSET_EARLIER "sunset-moved-earlier" Operation changes "the sunset is earlier" "users who planned with the old date are too late" "users who planned with the old date are too late";
    SUNSET_TOO_SOON "sunset-too-soon" Operation changes "the sunset is not in the future" "the operation may be gone already" "the operation may be gone already";
    SUNSET_REMOVED "sunset-removed" Operation changes "is deprecated and lost its sunset" "the promised date no longer applies" "the promised date no longer applies";
    SUNSET_INVALID "sunset-invalid" Operation changes "the sunset is not a date" "the end of support is unknown" "the end of support is unknown";
    /// The old value is not a date, so that the two cannot be compared.
    UNKNOWN_SUNSET "unknown-sunset" Operation changes "the sunset was not a date before" "users who planned with the old sunset may be too late" "users who planned with the old sunset may be too late";
    /// The level is not one of `draft`, `alpha`, `beta` and `stable`.
    UNKNOWN_STABILITY "unknown-stability" Operation changes "the stability is or was an unknown level" "the promised stability is unknown" "the promised stability is unknown";
    STABILITY_DECREASED "stability-decreased" Operation changes "became less stable" "it may change or go without notice" "it may change or go without notice";
    STABILITY_INCREASED "stability-increased" Operation fits "became more stable" "" "";

    PARAMETER_ADDED_REQUIRED "required-parameter-added" Parameter narrows "was added and is required" "requests without it are rejected" "";
    PARAMETER_ADDED_OPTIONAL "optional-parameter-added" Parameter fits "was added and is optional" "" "";
    PARAMETER_REMOVED "parameter-removed" Parameter changes "was removed" "requests with it are ignored or rejected" "a receiver that reads it finds nothing";
    PARAMETER_NOT_SENT "optional-parameter-no-longer-sent" Parameter fits "was removed; it was optional" "" "";
    PARAMETER_RETIRED "parameter-removed-after-deprecation" Parameter fits "was removed after its deprecation" "" "";
    PARAMETER_MOVED "parameter-moved" Parameter changes "is sent in another location" "the server looks for it elsewhere" "a receiver looks for it elsewhere";
    PARAMETER_REQUIRED "parameter-became-required" Parameter narrows "became required" "requests without it are rejected" "";
    PARAMETER_OPTIONAL "parameter-became-optional" Parameter widens "became optional" "" "a receiver that reads it may find nothing";
    PARAMETER_STYLE "parameter-style-changed" Parameter changes "is serialized in another style" "the server reads another value than was sent" "the receiver reads another value than was sent";
    /// A list with one element is serialized like the element alone.
    VALUE_BECAME_LIST "value-became-list" Parameter widens "can be several values" "" "the client reads them as one value";
    LIST_BECAME_VALUE "list-became-value" Parameter narrows "can no longer be several values" "requests with more than one value are rejected" "";
    PARAMETER_NO_EMPTY "parameter-empty-value-disallowed" Parameter narrows "may no longer be empty" "requests with an empty value are rejected" "";
    PARAMETER_EMPTY "parameter-empty-value-allowed" Parameter widens "may be empty" "" "the receiver does not expect an empty value";
    PARAMETER_RESERVED "parameter-reserved-characters-changed" Parameter changes "is escaped in another way" "the server reads another value than was sent" "the receiver reads another value than was sent";
    /// The server applies the default to requests without the parameter.
    PARAMETER_DEFAULT "parameter-default-changed" Parameter changes "has another default" "requests without it have another meaning" "calls without it have another meaning";
    PARAMETER_DOCS "parameter-docs-changed" Parameter words "the description changed" "" "";

    BODY_ADDED_REQUIRED "required-request-body-added" Body narrows "was added and is required" "requests without it are rejected" "";
    BODY_ADDED_OPTIONAL "optional-request-body-added" Body fits "was added and is optional" "" "";
    BODY_REMOVED "request-body-removed" Body changes "was removed" "the body that the client sends is ignored or rejected" "a receiver that reads the body finds nothing";
    BODY_REQUIRED "request-body-became-required" Body narrows "became required" "requests without it are rejected" "";
    BODY_OPTIONAL "request-body-became-optional" Body widens "became optional" "" "a receiver that reads the body may find nothing";
    BODY_DOCS "request-body-docs-changed" Body words "the description changed" "" "";
    MEDIA_TYPE_ADDED "media-type-added" Body widens except C C "The client asks for the media types that it knows." "was added" "" "";
    MEDIA_TYPE_REMOVED "media-type-removed" Body narrows except B B "The client asks for a media type that is no longer offered." "was removed" "a body with this media type is rejected" "the client asks for it and gets another one, or an error";
    /// Nobody asks for a media type where the server makes the call.
    MEDIA_TYPE_SENT_TOO "webhook-media-type-added" Body widens "was added" "" "a receiver gets a body with a media type that it cannot read";
    MEDIA_TYPE_NOT_SENT "webhook-media-type-removed" Body narrows except C C "The receiver still reads the media types that are sent." "was removed" "" "";
    MEDIA_TYPE_WIDENED "media-type-generalized" Body widens "covers more media types" "" "the response may have a media type that the client cannot read";
    MEDIA_TYPE_NARROWED "media-type-specialized" Body narrows "covers fewer media types" "a body with another media type is rejected" "";
    /// A request with the old parameters may be rejected. Responses decode as before.
    MEDIA_TYPE_PARAMETERS "media-type-parameters-changed" Body narrows "has other parameters" "a body with the old parameters is rejected" "";
    ENCODING_CHANGED "encoding-changed" Body changes "is encoded in another way" "the parts of the body are read differently" "the parts that arrive are read differently";
    EXAMPLES_CHANGED "examples-changed" Body words "the examples changed" "" "";

    SUCCESS_ADDED "success-status-added" Response widens except C C "A client handles an unexpected success status as an error." "was added" "" "";
    SUCCESS_REMOVED "success-status-removed" Response narrows except B B "A client waits for the response that it was promised." "was removed" "the sender does not expect the response" "the client does not get the response that it expects";
    /// The response had no body and no required header, so it promised nothing.
    SILENT_DEFAULT_REMOVED "silent-default-removed" Response fits "was removed, and had neither body nor required header" "" "";
    ERROR_ADDED "error-status-added" Response widens except C C "Every client handles unexpected errors." "was added" "" "";
    ERROR_REMOVED "error-status-removed" Response narrows except C C "A receiver may always fail, and a client handles errors that no longer occur." "was removed" "" "";
    RESPONSE_DOCS "response-docs-changed" Response words "the description changed" "" "";
    HEADER_ADDED "response-header-added" Response fits "was added" "" "";
    HEADER_ADDED_REQUIRED "required-header-added" Response narrows "was added and is required" "messages without it are rejected" "";
    HEADER_REMOVED "response-header-removed" Response changes except B B "Documents rarely mark response headers as required, although clients rely on them." "was removed" "the header that is sent is ignored or rejected" "clients that read it find nothing";
    HEADER_OPTIONAL "response-header-became-optional" Response widens "became optional" "" "clients that read it may find nothing";
    HEADER_REQUIRED "response-header-became-required" Response narrows "became required" "messages without it are rejected" "";
    HEADER_STYLE "response-header-style-changed" Response changes "is serialized in another style" "the server reads another value than was sent" "the client reads another value than was sent";
    HEADER_DOCS "response-header-docs-changed" Response words "the description changed" "" "";
    LINKS_CHANGED "links-changed" Response words "the links changed" "" "";

    SECURITY_TIGHTENED "security-tightened" Security changes "requires more credentials" "requests with the old credentials are rejected" "requests with the old credentials are rejected";
    SECURITY_RELAXED "security-relaxed" Security fits "accepts more credentials, or requires fewer" "" "";
    SECURITY_SCHEME_CHANGED "security-scheme-changed" Security changes "is another kind of credential" "the server does not read the credentials that the client sends" "the server does not read the credentials that the client sends";
    /// A browser opens the URL, and the vendor redirects it.
    SECURITY_AUTHORIZATION_URL "security-authorization-url-changed" Security fits "the authorization URL changed" "" "";
    SECURITY_URL "security-url-changed" Security changes "the token URL changed" "a client with the old URL gets no token" "a client with the old URL gets no token";
    SECURITY_URL_ADDED "security-url-added" Security fits "a URL was added" "" "";
    SECURITY_FLOW_ADDED "security-flow-added" Security fits "a flow was added" "" "";
    SECURITY_FLOW_REMOVED "security-flow-removed" Security changes "a flow was removed" "clients that use it get no token" "clients that use it get no token";
    SECURITY_SCOPES "security-scopes-changed" Security fits "has other scopes" "" "";
    SECURITY_SCHEME_ADDED "security-scheme-added" Security fits "was added" "" "";
    SECURITY_SCHEME_UNUSED "unused-security-scheme-changed" Security fits "was changed or removed; no operation requires it" "" "";
    SECURITY_SCHEME_MISSING "unknown-security-scheme" Security changes "is required and no longer described" "nobody can tell how to authenticate" "nobody can tell how to authenticate";
    SECURITY_DOCS "security-docs-changed" Security words "the description changed" "" "";

    SCHEMA_DOCS "schema-docs-changed" Schema words "the description changed" "" "";
    TYPE_CHANGED "schema-type-changed" Schema changes "has another type" "values of the old type are rejected" "the client cannot decode values of the other type";
    TYPE_WIDENED "schema-type-widened" Schema widens "admits more types" "" "the client cannot decode a new value";
    TYPE_NARROWED "schema-type-narrowed" Schema narrows "admits fewer types" "values that were valid are rejected" "";
    /// In text, `1` and `"1"` are the same value.
    TYPE_RESPELLED "schema-type-respelled" Schema spelling "has another type for the same texts" "" "";
    TYPE_LEFT_TO_TEXT "schema-type-left-to-text" Schema narrows except C C "As text, `string` includes the values of the other types." "has fewer types, but still includes their values as text" "" "";
    NULLABLE "schema-became-nullable" Schema widens "can be null" "" "the client does not expect null";
    NOT_NULLABLE "schema-became-not-nullable" Schema narrows "can no longer be null" "requests that send null are rejected" "";
    FORMAT_CHANGED "schema-format-changed" Schema changes "has another format" "values of the old format are rejected" "the client cannot decode values of the other format";
    FORMAT_WIDENED "schema-format-widened" Schema widens "has a wider format, or none" "" "the client cannot decode a new value";
    FORMAT_NARROWED "schema-format-narrowed" Schema narrows "has a narrower format" "values that were valid are rejected" "";
    ENUM_VALUE_ADDED "enum-value-added" Schema widens "has another value" "" "a client that knows only the old values cannot decode the new one";
    ENUM_VALUE_REMOVED "enum-value-removed" Schema narrows "has lost a value" "requests that send it are rejected" "";
    ENUM_ADDED "schema-became-enum" Schema narrows "is limited to a list of values" "other values, which were valid, are rejected" "";
    ENUM_REMOVED "schema-no-longer-enum" Schema widens "is no longer limited to a list of values" "" "the client cannot decode a new value";
    CONST_CHANGED "const-changed" Schema changes "has another constant value" "requests with the old value are rejected" "the client does not expect the new value";
    /// The list is open by definition, so a response could hold other values before.
    EXTENSIBLE_VALUE_ADDED "extensible-enum-value-added" Schema fits "has another known value" "" "";
    EXTENSIBLE_VALUE_REMOVED "extensible-enum-value-removed" Schema narrows "has lost a known value" "requests that send it are rejected" "";
    /// `anyOf` of a list and any string: the list is a hint.
    KNOWN_VALUES_CHANGED "known-values-changed" Schema fits "lists other known values" "" "";
    LIMIT_TIGHTENED "limit-tightened" Schema narrows "has a tighter limit" "values that were valid are rejected" "";
    LIMIT_RELAXED "limit-relaxed" Schema widens "has a wider limit, or none" "" "a value can exceed the old limit";
    PATTERN_ADDED "pattern-added" Schema narrows "must match a pattern" "values that do not match are rejected" "";
    PATTERN_CHANGED "pattern-changed" Schema changes except B C "Clients do not check patterns of responses." "must match another pattern" "values that match only the old pattern are rejected" "";
    PATTERN_REMOVED "pattern-removed" Schema widens except C C "Clients do not check patterns of responses." "no longer has a pattern" "" "";
    MULTIPLE_CHANGED "multiple-of-changed" Schema changes "must be a multiple of another number" "values that were valid are rejected" "a value can be a multiple that the client does not expect";
    CONTENT_CHANGED "content-encoding-changed" Schema changes "is encoded in another way" "the server decodes the text to another value" "the text decodes to another value";
    XML_CHANGED "xml-changed" Schema changes "has another XML name" "the server does not find the element" "the client does not find the element";
    DEFAULT_CHANGED "default-changed" Schema fits "has another default" "" "";
    READ_ONLY "schema-read-only-changed" Schema fits "readOnly changed" "" "";
    WRITE_ONLY "schema-write-only-changed" Schema fits "writeOnly changed" "" "";
    /// No request had the property before; now every request must.
    REQUIRED_NOT_READ_ONLY "required-property-no-longer-read-only" Schema narrows "is required and no longer readOnly" "requests, which never contained it, are rejected without it" "";
    /// No response had the property before; now every response does.
    REQUIRED_NOT_WRITE_ONLY "required-property-no-longer-write-only" Schema widens "is required and no longer writeOnly" "" "responses contain a property that they never contained";

    PROPERTY_ADDED_REQUIRED "required-property-added" Schema narrows "was added and is required" "requests without it are rejected" "";
    PROPERTY_ADDED_OPTIONAL "optional-property-added" Schema narrows except C C "A client sends only declared properties, and ignores others." "was added and is optional" "" "";
    PROPERTY_REMOVED_REQUIRED "required-property-removed" Schema widens except B B "The server ignores or rejects a property that is no longer declared." "was removed" "the server ignores or rejects it" "the client fails to decode responses without it";
    PROPERTY_REMOVED_OPTIONAL "optional-property-removed" Schema widens except B C "The server ignores or rejects a property that is no longer declared. In a response it could be absent before." "was removed" "the value that the client sends is ignored or rejected" "";
    PROPERTY_UNDECLARED "property-no-longer-declared" Schema fits "is no longer declared, but may still be among the additional properties" "" "";
    PROPERTY_REQUIRED "property-became-required" Schema narrows "became required" "requests without it are rejected" "";
    UNDECLARED_REQUIRED "undeclared-property-required" Schema narrows except C C "Clients cannot send a property that the document does not declare. This is an error of the document." "requires a property that is not declared, an error of the document" "" "";
    PROPERTY_OPTIONAL "property-became-optional" Schema widens "became optional" "" "the client fails to decode values without it";
    ADDITIONAL_CLOSED "additional-properties-forbidden" Schema narrows "forbids additional properties" "requests with other properties are rejected" "";
    ADDITIONAL_OPENED "additional-properties-allowed" Schema widens "allows additional properties" "" "a client that refuses unknown properties fails";
    ADDITIONAL_TYPED "additional-properties-restricted" Schema narrows "restricts additional properties" "requests with other properties are rejected" "";
    ADDITIONAL_UNTYPED "additional-properties-unrestricted" Schema widens "no longer restricts additional properties" "" "the client cannot decode a new value";

    ITEMS_ADDED "items-added" Schema narrows "restricts its elements" "requests with other elements are rejected" "";
    ITEMS_REMOVED "items-removed" Schema widens "no longer restricts its elements" "" "the client cannot decode a new element";
    /// Clients read a tuple of the documented length.
    PREFIX_ITEM_ADDED "prefix-item-added" Schema widens "has another element" "" "the client expects fewer";
    PREFIX_ITEM_REMOVED "prefix-item-removed" Schema narrows "has lost an element" "the server expects fewer" "";

    UNION_BRANCH_ADDED "union-branch-added" Schema widens "has another variant" "" "the client cannot decode a new value";
    UNION_BRANCH_REMOVED "union-branch-removed" Schema narrows "has lost a variant" "requests that use it are rejected" "";
    /// A value of the new `anyOf` variant also matches a variant that the client knows.
    UNION_BRANCH_FITS "union-branch-added-alike" Schema fits "has another variant that a known variant includes" "" "";
    UNION_BRANCH_UNNEEDED "union-branch-removed-alike" Schema fits "has lost a variant that another variant includes" "" "";
    UNION_ADDED "union-added" Schema narrows "must also match one of several variants" "values that match none are rejected" "";
    UNION_REMOVED "union-removed" Schema widens "no longer has to match one of several variants" "" "the client cannot decode a new value";
    /// The variants are compared by themselves, and the discriminator is a hint.
    DISCRIMINATOR_CHANGED "discriminator-changed" Schema fits "the discriminator was added or removed" "" "";
    DISCRIMINATOR_PROPERTY "discriminator-property-changed" Schema changes "the discriminator is another property" "the server looks for a property that the client does not send" "the client looks for a property that is not sent";
    DISCRIMINATOR_VALUE_REDIRECTED "discriminator-value-redirected" Schema changes "the discriminator has a value that names another schema" "the server reads another schema than was sent" "the client reads another schema than was sent";
    DISCRIMINATOR_VALUE_ADDED "discriminator-value-added" Schema widens "the discriminator has another value" "" "the client does not know the new value";
    DISCRIMINATOR_VALUE_REMOVED "discriminator-value-removed" Schema narrows "the discriminator has lost a value" "requests that use it are rejected" "";
    /// Variants do not overlap if required properties, constants or types distinguish them.
    UNION_OVERLAP "union-branches-overlap" Schema narrows "overlaps with another variant, and exactly one may match" "values that were valid match two variants and are rejected" "";
    UNION_EXCLUSIVE "union-became-exclusive" Schema narrows except C C "Whether open objects match two variants is undecided." "may match only one variant" "" "";
    UNION_NOT_EXCLUSIVE "union-no-longer-exclusive" Schema widens except C C "One variant that the client knows matches." "may match several variants" "" "";
    /// The effects of the component are separate changes. Only the name is left.
    COMPOSITION_ADDED "composition-added" Schema spelling "is composed of another component" "" "";
    COMPOSITION_REMOVED "composition-removed" Schema spelling "is no longer composed of another component" "" "";
    EXCLUSION_TIGHTENED "exclusion-tightened" Schema narrows "excludes more" "values that were valid are rejected" "";
    EXCLUSION_RELAXED "exclusion-relaxed" Schema widens "excludes less" "" "a value that was excluded is valid";
    EXCLUSION_CHANGED "exclusion-changed" Schema changes "excludes other values" "values that were valid are rejected" "a value that was excluded is valid";
    CONSTRAINT_ADDED "constraint-added" Schema narrows "has another constraint" "values that violate it are rejected" "";
    CONSTRAINT_REMOVED "constraint-removed" Schema widens "has lost a constraint" "" "a value that was excluded is valid";
    CONSTRAINT_TIGHTENED "constraint-tightened" Schema narrows "has a stricter constraint" "values that were valid are rejected" "";
    CONSTRAINT_RELAXED "constraint-relaxed" Schema widens "has a weaker constraint" "" "a value that was excluded is valid";
    CONSTRAINT_CHANGED "constraint-changed" Schema changes "has another constraint instead" "values that were valid are rejected" "a value that was excluded is valid";
    DEPENDENCY_CHANGED "dependent-required-changed" Schema changes "has other dependencies between properties" "requests that were complete may be incomplete" "the client does not expect a combination that is now valid";

    UNKNOWN_CHANGE "unknown-change" Schema changes "changed in a way that cannot be judged" "compare the two by hand" "compare the two by hand";
    UNKNOWN_REFERENCE "unknown-reference" Schema changes "has a reference without a target" "the effect is unknown" "the effect is unknown";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consequence_is_stated_where_a_change_breaks() {
        for check in ALL {
            for direction in [Direction::Request, Direction::Response] {
                let breaks = check.wire(direction) == B;
                let says = !check.consequence(direction).is_empty();
                assert_eq!(breaks, says, "{} {direction:?}", check.id);
            }
        }
    }
}
