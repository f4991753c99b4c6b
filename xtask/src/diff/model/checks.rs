//! Every kind of change there is: its id, what it does in each direction, and its sentence.
//!
//! The rule is one: in a request narrowing breaks, in a reply widening breaks. Where the table
//! departs from it, or where tools differ, the row says why. A policy file can override each row.

/// What a kind of change is about.
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
    /// Its effect where it is felt in requests.
    pub request: Wire,
    /// Its effect where it is felt in replies.
    pub response: Wire,
    /// What happened to the subject.
    pub what: &'static str,
    /// Who is hurt and how, where it breaks.
    pub hurt: &'static str,
}

impl Check {
    pub fn effect(&self, direction: Direction) -> Wire {
        match direction {
            Direction::Request => self.request,
            Direction::Response => self.response,
        }
    }

    /// Whether the tool cannot judge this kind of change and takes it for breaking.
    pub fn is_unknown(&self) -> bool {
        self.id.starts_with("unknown-")
    }
}

/// The check of this id.
pub fn named(id: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.id == id)
}

use Area::{Body, Document, Operation, Parameter, Response, Schema, Security};
use Wire::{Breaking as B, Compatible as C, DocsOnly as D, None as N};

use crate::diff::model::verdict::{Direction, Wire};

macro_rules! checks {
    ($($(#[$why:meta])* $name:ident $id:literal $area:ident $request:ident $response:ident $what:literal $hurt:literal;)*) => {
        $($(#[$why])* pub static $name: Check = Check {
            id: $id, area: $area, request: $request, response: $response, what: $what, hurt: $hurt,
        };)*
        /// All of them, in the order of the table.
        pub static ALL: &[&Check] = &[$(&$name),*];
    };
}

checks! {
    DOCUMENT_DOCS "document-docs-changed" Document D D "the document's description changed" "";
    VERSION_CHANGED "version-changed" Document D D "the API's version changed" "";
    /// A client is given its base URL; the old host may well go on.
    SERVERS_CHANGED "servers-changed" Document C C "the servers changed" "";
    /// The paths of all servers are others, so each URL is.
    BASE_PATH_CHANGED "base-path-changed" Document B B "the base path of all servers changed" "requests go to paths that are gone";
    COMPONENT_RENAMED "component-renamed" Document N N "has another name" "";

    OPERATION_ADDED "operation-added" Operation C C "was added" "";
    OPERATION_REMOVED "operation-removed" Operation B B "was removed" "every call of it fails";
    /// Who uses it has been told: the base says `deprecated`, and its sunset has passed.
    OPERATION_RETIRED "operation-removed-after-deprecation" Operation C C "was removed, as its deprecation had announced" "";
    OPERATION_DOCS "operation-docs-changed" Operation D D "the description changed" "";
    OPERATION_ID "operation-id-changed" Operation N N "the operationId changed" "";
    OPERATION_TAGS "operation-tags-changed" Operation N N "the tags changed" "";
    WEBHOOK_ADDED "webhook-added" Operation C C "was added" "";
    WEBHOOK_REMOVED "webhook-removed" Operation B B "was removed" "who waits for it is never called";
    CALLBACK_ADDED "callback-added" Operation C C "was added" "";
    CALLBACK_REMOVED "callback-removed" Operation B B "was removed" "who waits for it is never called";
    DEPRECATED "deprecated" Operation C C "became deprecated" "";
    REACTIVATED "reactivated" Operation C C "is no longer deprecated" "";
    SUNSET_CHANGED "sunset-changed" Operation C C "the sunset was set or moved to a later day" "";
    SUNSET_EARLIER "sunset-moved-earlier" Operation B B "the sunset is earlier" "who planned with the old date is too late";
    SUNSET_TOO_SOON "sunset-too-soon" Operation B B "the sunset is not in the future" "it can be gone already";
    SUNSET_REMOVED "sunset-removed" Operation B B "is deprecated without a sunset now" "the date that was promised no longer holds";
    SUNSET_INVALID "sunset-invalid" Operation B B "the sunset is no date" "nobody can tell when it ends";
    /// Whether the day moved to an earlier one, nobody can tell.
    UNKNOWN_SUNSET "unknown-sunset" Operation B B "the sunset was no date, and is one" "who planned with what it meant may be too late";
    /// A level that only the vendor knows.
    UNKNOWN_STABILITY "unknown-stability" Operation B B "the stability is or was no known level" "nobody can tell what is promised";
    STABILITY_DECREASED "stability-decreased" Operation B B "is less stable than it was" "it may change or go without notice";
    STABILITY_INCREASED "stability-increased" Operation C C "is more stable than it was" "";

    PARAMETER_ADDED_REQUIRED "required-parameter-added" Parameter B B "was added and is required" "requests without it are refused";
    PARAMETER_ADDED_OPTIONAL "optional-parameter-added" Parameter C C "was added and is optional" "";
    PARAMETER_REMOVED "parameter-removed" Parameter B B "was removed" "what the client asks for with it is ignored or refused";
    PARAMETER_RETIRED "parameter-removed-after-deprecation" Parameter C C "was removed, as its deprecation had announced" "";
    PARAMETER_MOVED "parameter-moved" Parameter B B "is sent in another place" "the server looks for it elsewhere";
    PARAMETER_REQUIRED "parameter-became-required" Parameter B B "became required" "requests without it are refused";
    PARAMETER_OPTIONAL "parameter-became-optional" Parameter C C "became optional" "";
    PARAMETER_STYLE "parameter-style-changed" Parameter B B "is written in another style" "the server reads another value than was sent";
    /// A list of one is written as its element.
    VALUE_BECAME_LIST "value-became-list" Parameter C B "can be several values" "the client takes them for one";
    LIST_BECAME_VALUE "list-became-value" Parameter B C "can no longer be several values" "requests with more than one are refused";
    PARAMETER_NO_EMPTY "parameter-empty-value-disallowed" Parameter B B "may no longer be empty" "requests with an empty value are refused";
    PARAMETER_EMPTY "parameter-empty-value-allowed" Parameter C C "may be empty" "";
    PARAMETER_RESERVED "parameter-reserved-characters-changed" Parameter B B "is escaped in another way" "the server reads another value than was sent";
    /// The server acts on the default for whoever leaves the parameter out.
    PARAMETER_DEFAULT "parameter-default-changed" Parameter B B "has another default" "requests that leave it out mean something else";
    PARAMETER_DOCS "parameter-docs-changed" Parameter D D "the description changed" "";

    BODY_ADDED_REQUIRED "required-request-body-added" Body B B "was added and is required" "requests without it are refused";
    BODY_ADDED_OPTIONAL "optional-request-body-added" Body C C "was added and is optional" "";
    BODY_REMOVED "request-body-removed" Body B B "was removed" "what the client sends is ignored or refused";
    BODY_REQUIRED "request-body-became-required" Body B B "became required" "requests without it are refused";
    BODY_OPTIONAL "request-body-became-optional" Body C C "became optional" "";
    BODY_DOCS "request-body-docs-changed" Body D D "the description changed" "";
    MEDIA_TYPE_ADDED "media-type-added" Body C C "was added" "";
    MEDIA_TYPE_REMOVED "media-type-removed" Body B B "was removed" "who speaks it is not understood any more";
    MEDIA_TYPE_WIDENED "media-type-generalized" Body C B "stands for more now" "the reply may have a form the client does not read";
    MEDIA_TYPE_NARROWED "media-type-specialized" Body B C "stands for less now" "a body of another form is refused";
    /// Who asked for one version may be refused another; what is read is of the same kind.
    MEDIA_TYPE_PARAMETERS "media-type-parameters-changed" Body B C "has other parameters" "a body with the old ones is refused";
    ENCODING_CHANGED "encoding-changed" Body B B "is encoded in another way" "the parts of the body are read differently";
    EXAMPLES_CHANGED "examples-changed" Body D D "the examples changed" "";

    SUCCESS_ADDED "success-status-added" Response C C "was added" "";
    SUCCESS_REMOVED "success-status-removed" Response B B "was removed" "the reply that the client waits for does not come";
    /// What it said of no status in particular it says of none: no body, and no header that is certain.
    SILENT_DEFAULT_REMOVED "silent-default-removed" Response C C "was removed, and had promised nothing" "";
    ERROR_ADDED "error-status-added" Response C C "was added" "";
    ERROR_REMOVED "error-status-removed" Response C C "was removed" "";
    REPLY_DOCS "reply-docs-changed" Response D D "the description changed" "";
    HEADER_ADDED "response-header-added" Response C C "was added" "";
    /// Documents rarely say of a header that it is required, whatever clients read from it.
    HEADER_REMOVED "response-header-removed" Response B B "was removed" "who reads it finds nothing";
    HEADER_OPTIONAL "response-header-became-optional" Response B B "became optional" "who reads it may find nothing";
    HEADER_REQUIRED "response-header-became-required" Response C C "became required" "";
    HEADER_STYLE "response-header-style-changed" Response B B "is written in another style" "the client reads another value than was sent";
    HEADER_DOCS "response-header-docs-changed" Response D D "the description changed" "";
    LINKS_CHANGED "links-changed" Response D D "the links changed" "";

    SECURITY_TIGHTENED "security-tightened" Security B B "asks for more than it did" "requests with the credentials that were enough are refused";
    SECURITY_RELAXED "security-relaxed" Security C C "takes other credentials besides, or asks for fewer" "";
    SECURITY_SCHEME_CHANGED "security-scheme-changed" Security B B "is another kind of credential" "the credentials that the client sends are not read";
    /// A person's browser is sent there, and follows the vendor.
    SECURITY_AUTHORIZATION_URL "security-authorization-url-changed" Security C C "the authorization URL changed" "";
    SECURITY_URL "security-url-changed" Security B B "the URL that clients call for tokens changed" "a client with the old one gets no token";
    SECURITY_URL_ADDED "security-url-added" Security C C "a URL was added" "";
    SECURITY_FLOW_ADDED "security-flow-added" Security C C "a flow was added" "";
    SECURITY_FLOW_REMOVED "security-flow-removed" Security B B "a flow was removed" "who gets tokens by it gets none any more";
    SECURITY_SCOPES "security-scopes-changed" Security C C "offers other scopes" "";
    SECURITY_SCHEME_ADDED "security-scheme-added" Security C C "was added" "";
    SECURITY_SCHEME_UNUSED "unused-security-scheme-changed" Security C C "was changed or removed; no operation asks for it" "";
    SECURITY_DOCS "security-docs-changed" Security D D "the description changed" "";

    SCHEMA_DOCS "schema-docs-changed" Schema D D "the description changed" "";
    TYPE_CHANGED "schema-type-changed" Schema B B "has another type" "values of the other type are not understood";
    TYPE_WIDENED "schema-type-widened" Schema C B "admits more types" "a value can come that the client cannot decode";
    TYPE_NARROWED "schema-type-narrowed" Schema B C "admits fewer types" "values that were valid are refused";
    /// Of a list of values: `1` and `"1"` are one text.
    TYPE_RESPELLED "schema-type-respelled" Schema N N "has another type for the same texts" "";
    /// `string` among them had room for all before, and has now.
    TYPE_LEFT_TO_TEXT "schema-type-left-to-text" Schema C C "names fewer types, and as text still holds the values of all" "";
    NULLABLE "schema-became-nullable" Schema C B "can be null" "the client does not expect null";
    NOT_NULLABLE "schema-became-not-nullable" Schema B C "can no longer be null" "requests that send null are refused";
    FORMAT_CHANGED "schema-format-changed" Schema B B "has another format" "values of the other format are not understood";
    FORMAT_WIDENED "schema-format-widened" Schema C B "has a wider format, or none" "a value can come that the client cannot decode";
    FORMAT_NARROWED "schema-format-narrowed" Schema B C "has a narrower format" "values that were valid are refused";
    ENUM_VALUE_ADDED "enum-value-added" Schema C B "has another value" "a client that knows the old values only cannot decode it";
    ENUM_VALUE_REMOVED "enum-value-removed" Schema B C "has lost a value" "requests that send it are refused";
    ENUM_ADDED "schema-became-enum" Schema B C "is limited to a list of values" "other values, which were valid, are refused";
    ENUM_REMOVED "schema-no-longer-enum" Schema C B "is no longer limited to a list of values" "a value can come that the client cannot decode";
    CONST_CHANGED "const-changed" Schema B B "has another constant value" "the old value is refused, the new one not expected";
    /// The list is open by its definition, so a reply may hold anything already.
    EXTENSIBLE_VALUE_ADDED "extensible-enum-value-added" Schema C C "has another known value" "";
    EXTENSIBLE_VALUE_REMOVED "extensible-enum-value-removed" Schema B C "has lost a known value" "requests that send it are refused";
    /// `anyOf` a list and any text: the list is a hint.
    KNOWN_VALUES_CHANGED "known-values-changed" Schema C C "names other values among those it admits" "";
    LIMIT_TIGHTENED "limit-tightened" Schema B C "is held to a tighter limit" "values that were valid are refused";
    LIMIT_RELAXED "limit-relaxed" Schema C B "is held to a wider limit, or none" "a value can come that the old limit excluded";
    PATTERN_ADDED "pattern-added" Schema B C "must match a pattern" "values that do not are refused";
    /// What a client receives it does not match: a pattern describes, while type and size decide.
    PATTERN_CHANGED "pattern-changed" Schema B C "must match another pattern" "values that match the old one only are refused";
    PATTERN_REMOVED "pattern-removed" Schema C C "need not match a pattern" "";
    MULTIPLE_CHANGED "multiple-of-changed" Schema B B "must be a multiple of another number" "values that were valid are refused";
    CONTENT_CHANGED "content-encoding-changed" Schema B B "is encoded in another way" "the text is decoded to something else";
    XML_CHANGED "xml-changed" Schema B B "is written as another XML element" "the element is not found";
    DEFAULT_CHANGED "default-changed" Schema C C "has another default" "";
    READ_ONLY "schema-read-only-changed" Schema C C "readOnly changed" "";
    WRITE_ONLY "schema-write-only-changed" Schema C C "writeOnly changed" "";
    /// No request held it, and each has to.
    REQUIRED_NOT_READ_ONLY "required-property-no-longer-read-only" Schema B C "is required and no longer readOnly" "requests, which never held it, are refused without it";
    /// No reply held it, and each does.
    REQUIRED_NOT_WRITE_ONLY "required-property-no-longer-write-only" Schema C B "is required and no longer writeOnly" "replies hold what the client was told they never do";

    PROPERTY_ADDED_REQUIRED "required-property-added" Schema B C "was added and is required" "requests without it are refused";
    PROPERTY_ADDED_OPTIONAL "optional-property-added" Schema C C "was added and is optional" "";
    PROPERTY_REMOVED_REQUIRED "required-property-removed" Schema B B "was removed" "the server ignores or refuses it, and the client's decoding fails without it";
    /// In a reply it could be absent before, and a client that reads it has said what happens then.
    PROPERTY_REMOVED_OPTIONAL "optional-property-removed" Schema B C "was removed" "what the client sends in it is ignored or refused";
    PROPERTY_REQUIRED "property-became-required" Schema B C "became required" "requests without it are refused";
    /// No client that a document describes can send it, and no server that is one can have meant it.
    UNDECLARED_REQUIRED "undeclared-property-required" Schema C C "requires a property that nothing declares, which is a slip of the document: a server that means it refuses every request" "";
    PROPERTY_OPTIONAL "property-became-optional" Schema C B "became optional" "the client's decoding fails where it is absent";
    ADDITIONAL_CLOSED "additional-properties-forbidden" Schema B C "admits no further properties" "requests with other properties are refused";
    ADDITIONAL_OPENED "additional-properties-allowed" Schema C B "admits further properties" "a client that refuses unknown properties fails";
    ADDITIONAL_TYPED "additional-properties-restricted" Schema B C "restricts its further properties" "requests with others are refused";
    ADDITIONAL_UNTYPED "additional-properties-unrestricted" Schema C B "no longer restricts its further properties" "a value can come that the client cannot decode";

    ITEMS_ADDED "items-added" Schema B C "restricts its elements" "requests with others are refused";
    ITEMS_REMOVED "items-removed" Schema C B "no longer restricts its elements" "an element can come that the client cannot decode";
    /// A tuple is read as being as long as it is described.
    PREFIX_ITEM_ADDED "prefix-item-added" Schema C B "has another element" "the client expects fewer";
    PREFIX_ITEM_REMOVED "prefix-item-removed" Schema B C "has lost an element" "the server expects fewer";

    UNION_BRANCH_ADDED "union-branch-added" Schema C B "has another alternative" "a value can come that the client cannot decode";
    UNION_BRANCH_REMOVED "union-branch-removed" Schema B C "has lost an alternative" "requests that use it are refused";
    /// `anyOf` promises no more than that one alternative fits, and one that the client knows does.
    UNION_BRANCH_FITS "union-branch-added-alike" Schema C C "has another alternative that a known one describes too" "";
    UNION_ADDED "union-added" Schema B C "must match one of several alternatives besides" "values that match none are refused";
    UNION_REMOVED "union-removed" Schema C B "need not match one of several alternatives" "a value can come that the client cannot decode";
    /// The alternatives themselves are compared: it was, or will be, no more than a hint.
    DISCRIMINATOR_CHANGED "discriminator-changed" Schema C C "the discriminator was added or removed" "";
    DISCRIMINATOR_PROPERTY "discriminator-property-changed" Schema B B "the discriminator is another property" "each side looks for a property that the other does not write";
    TAG_REDIRECTED "discriminator-value-redirected" Schema B B "the discriminator has a value that names another schema" "what one side writes, the other reads as something else";
    TAG_ADDED "discriminator-value-added" Schema C B "the discriminator has another value" "a value can come that the client does not know";
    TAG_REMOVED "discriminator-value-removed" Schema B C "the discriminator has lost a value" "requests that use it are refused";
    /// Variants that are told apart by required properties, constants or types do not overlap.
    UNION_OVERLAP "union-branches-overlap" Schema B C "is matched by what matches another alternative, of which exactly one may hold" "values that were valid match two and are refused";
    UNION_EXCLUSIVE "union-became-exclusive" Schema C C "may match one alternative only" "";
    /// One that the client knows fits.
    UNION_NOT_EXCLUSIVE "union-no-longer-exclusive" Schema C C "may match several alternatives" "";
    /// What the component brings or takes along is reported by itself: this is no more than its name.
    COMPOSITION_ADDED "composition-added" Schema N N "is composed of another component, too" "";
    COMPOSITION_REMOVED "composition-removed" Schema N N "is not composed of another component any more" "";
    EXCLUSION_TIGHTENED "exclusion-tightened" Schema B C "excludes more" "values that were valid are refused";
    EXCLUSION_RELAXED "exclusion-relaxed" Schema C B "excludes less" "a value can come that was excluded";
    EXCLUSION_CHANGED "exclusion-changed" Schema B B "excludes other values" "values that were valid are refused, and others can come";
    CONSTRAINT_ADDED "constraint-added" Schema B C "is held to another condition" "values that do not meet it are refused";
    CONSTRAINT_REMOVED "constraint-removed" Schema C B "is no longer held to a condition" "a value can come that it excluded";
    DEPENDENCY_CHANGED "dependent-required-changed" Schema B B "has other dependencies between properties" "requests that were complete may not be";

    UNKNOWN_CHANGE "unknown-change" Schema B B "changed in a way that cannot be judged" "the two have to be compared by hand";
    UNKNOWN_REFERENCE "unknown-reference" Schema B B "refers to what is not in the document" "nobody can tell what it is";
}
