//! Comparisons of schemas within a pair: properties and elements, variants, parts and subtypes.

use crate::diff::compare::walk::{PairId, Walk};
use crate::diff::model::context::{Encoding, Sent, Suppress};
use crate::diff::model::types::Types;
use crate::diff::normalize::schema_use::SchemaUse;

impl<'d> Walk<'d> {
    /// Compares two schemas within a pair.
    pub fn child(
        &mut self,
        of: PairId,
        base: &SchemaUse<'d>,
        revision: &SchemaUse<'d>,
        encoding: Encoding,
        sent: Sent,
    ) {
        self.behind_pair(of, (base, revision), encoding, sent, Suppress::WHOLE);
    }

    /// Compares two variants of unions within a pair. `around` has the properties that the schema
    /// of the revision declares beside the union.
    pub fn variant(
        &mut self,
        of: PairId,
        base: &SchemaUse<'d>,
        revision: &SchemaUse<'d>,
        (encoding, suppress): (Encoding, Suppress),
        around: impl Iterator<Item = &'d str>,
    ) {
        let both = (base, revision);
        let variant = self.behind_pair(of, both, encoding, Sent::BOTH, suppress);
        if let Some(variant) = variant.and_then(|id| self.pairs.get_mut(id)) {
            variant.around.extend(around);
        }
    }

    /// Compares two parts of the schemas of a pair for the same object. `around` has the properties
    /// that the schemas declare beside the parts.
    pub fn part(
        &mut self,
        of: PairId,
        (base, revision): (&SchemaUse<'d>, &SchemaUse<'d>),
        (encoding, within): (Encoding, Option<Types>),
        around: impl Iterator<Item = &'d str>,
    ) {
        let part = self.applicator(of, (base, revision), encoding, within);
        if let Some(part) = part.and_then(|id| self.pairs.get_mut(id)) {
            part.around.extend(around);
        }
    }

    /// Compares two schemas under an applicator within a pair. `within` has the types that the
    /// schema around them admits, if they apply to the same value. Returns their pair, unless the
    /// two are equal.
    pub fn applicator(
        &mut self,
        of: PairId,
        (base, revision): (&SchemaUse<'d>, &SchemaUse<'d>),
        encoding: Encoding,
        within: Option<Types>,
    ) -> Option<PairId> {
        let suppress = Suppress {
            within,
            ..Suppress::PART
        };
        self.behind_pair(of, (base, revision), encoding, Sent::BOTH, suppress)
    }

    /// Compares two subtypes of the schemas of a pair.
    pub fn subtype(
        &mut self,
        of: PairId,
        (base, revision): (&SchemaUse<'d>, &SchemaUse<'d>),
        encoding: Encoding,
    ) {
        if let Some(child) = self.pair(base, revision, encoding.inner(), Suppress::VARIANT)
            && let Some(pair) = self.pairs.get_mut(of)
        {
            pair.subtypes.push(child);
        }
    }

    fn behind_pair(
        &mut self,
        of: PairId,
        (base, revision): (&SchemaUse<'d>, &SchemaUse<'d>),
        encoding: Encoding,
        sent: Sent,
        suppress: Suppress,
    ) -> Option<PairId> {
        let child = self.pair(base, revision, encoding.inner(), suppress)?;
        self.pairs.get_mut(of)?.edges.push((child, sent));
        Some(child)
    }
}
