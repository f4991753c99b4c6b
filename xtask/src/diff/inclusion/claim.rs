//! Claims: schemas that a value satisfies or violates.

use serde_json::Value;

use crate::diff::model::context::Side;

/// A schema that a value satisfies, or violates.
#[derive(Clone, Copy)]
pub struct Claim<'d> {
    pub side: Side,
    pub holds: bool,
    pub schema: &'d Value,
}

impl Claim<'_> {
    /// Returns the opposite claim.
    pub fn not(self) -> Self {
        Self {
            holds: !self.holds,
            ..self
        }
    }

    /// Returns the identity of the claim.
    pub fn key(&self) -> ClaimKey {
        let address = std::ptr::from_ref(self.schema) as usize;
        (self.side == Side::Base, self.holds, address)
    }
}

/// `true` for a schema of the base, `true` if the claim holds, and the address of the schema.
pub type ClaimKey = (bool, bool, usize);
