//! The two sides of a comparison.

use std::rc::Rc;

use crate::diff::compare::walk::PairId;
use crate::diff::model::context::{Encoding, Suppress};
use crate::diff::model::document::Node;
use crate::diff::model::types::Types;
use crate::diff::normalize::normalized_schema::NormalizedSchema;

/// Two meanings on the way through the comparison.
pub struct Sides<'d> {
    pub pair: PairId,
    pub old: Rc<NormalizedSchema<'d>>,
    pub new: Rc<NormalizedSchema<'d>>,
    pub encoding: Encoding,
    pub suppress: Suppress,
}

impl<'d> Sides<'d> {
    /// Where the two stand.
    pub fn location(&self) -> (Option<&Node<'d>>, Option<&Node<'d>>) {
        (Some(&self.old.node), Some(&self.new.node))
    }

    /// Whether keywords for a type are to be compared. Of a type that came or went the type says
    /// enough; but a keyword for a type that neither has was written by someone who meant it.
    pub fn share(&self, types: Types) -> bool {
        self.old.types.meets(types) == self.new.types.meets(types)
    }
}
