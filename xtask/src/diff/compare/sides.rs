//! The two sides of a comparison.

use std::rc::Rc;

use crate::diff::compare::walk::PairId;
use crate::diff::model::context::{Encoding, Suppress};
use crate::diff::model::document::Node;
use crate::diff::model::types::Types;
use crate::diff::normalize::normalized_schema::NormalizedSchema;

/// Two schemas that are being compared.
pub struct Sides<'d> {
    pub pair: PairId,
    pub old: Rc<NormalizedSchema<'d>>,
    pub new: Rc<NormalizedSchema<'d>>,
    pub encoding: Encoding,
    pub suppress: Suppress,
}

impl<'d> Sides<'d> {
    /// Returns the locations of the two schemas.
    pub fn location(&self) -> (Option<&Node<'d>>, Option<&Node<'d>>) {
        (Some(&self.old.node), Some(&self.new.node))
    }

    /// Returns the types that both sides admit, with `null`.
    pub fn shared(&self) -> Types {
        let shared = self.old.types.and(self.new.types);
        if self.old.nullable && self.new.nullable {
            shared.or(Types::NULL)
        } else {
            shared
        }
    }

    /// Iterates over the properties that both sides declare.
    pub fn declared(&self) -> impl Iterator<Item = &'d str> {
        let names = self.old.properties.keys().copied();
        names.filter(|name| self.new.properties.contains_key(name))
    }

    /// Returns whether both sides admit a type. Keywords for a type that was added or removed are
    /// not compared: the change of type is reported.
    pub fn share(&self, types: Types) -> bool {
        self.old.types.meets(types) && self.new.types.meets(types)
    }
}
