//! The directions in which a property is sent, by `readOnly` and `writeOnly`.

use crate::diff::compare::sides::Sides;
use crate::diff::compare::walk::Walk;
use crate::diff::model::checks;
use crate::diff::model::context::Sent;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::shown_value::ShownValue;
use crate::diff::normalize::schema_use::{SchemaUse, unwrap_schema};

/// Returns the directions in which a property is sent.
pub fn sent<'d>(document: &Document<'d>, location: &SchemaUse<'d>) -> Sent {
    let unwrapped = unwrap_schema(document, location);
    Sent {
        in_requests: !unwrapped.flag("readOnly"),
        in_responses: !unwrapped.flag("writeOnly"),
    }
}

/// Reports a change in the directions in which the property is sent.
pub fn report_sent<'d>(
    walk: &mut Walk<'d>,
    sides: &Sides<'d>,
    sent: Sent,
    check: &'static checks::Check,
    location: (Option<&Node<'d>>, Option<&Node<'d>>),
    values: (Option<ShownValue<'d>>, Option<ShownValue<'d>>),
) {
    if sent.in_requests && sent.in_responses {
        walk.report(sides.pair, check, location, values.0, values.1);
    } else {
        walk.report_sent(sides.pair, sent, check, location, values);
    }
}
