//! Text of servers and URLs: media types, charsets, redaction of secrets, one-line form, mending of
//! JSON, and random identifiers.

pub(crate) mod byte_order_mark;
pub(crate) mod charset;
pub(crate) mod markup;
pub(crate) mod media_type;
pub(crate) mod mend_json;
pub(crate) mod one_line;
pub(crate) mod path_value;
pub(crate) mod query;
pub(crate) mod random_id;
pub(crate) mod read_json;
pub(crate) mod redact;
