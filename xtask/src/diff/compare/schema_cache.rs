//! The normalized schemas of a walk, cached for comparators that look at other schemas than their
//! pair.

use std::rc::Rc;

use crate::diff::compare::walk::{SchemaTask, Walk, addresses};
use crate::diff::model::context::Side;
use crate::diff::model::document::{Document, Node};
use crate::diff::model::types::Types;
use crate::diff::normalize::normalized_schema::NormalizedSchema;
use crate::diff::normalize::schema_use::{SchemaUse, Unwrapped, unwrap_schema};

/// The number of normalized schemas that are kept. All of them take more memory than the documents.
const MAX_KEPT: usize = 2048;

impl<'d> Walk<'d> {
    /// Returns the normalized schemas of a task. They are not cached: few are needed again.
    pub fn normalized(
        &mut self,
        task: &SchemaTask<'d>,
    ) -> Option<(Rc<NormalizedSchema<'d>>, Rc<NormalizedSchema<'d>>)> {
        let within = task.suppress.within;
        let is_kept = within.is_none();
        let base = is_kept.then(|| self.base_schemas.remove(&addresses(&task.base)));
        let revision = is_kept.then(|| self.revision_schemas.remove(&addresses(&task.revision)));
        let base = base.flatten().unwrap_or_else(|| {
            NormalizedSchema::within(&self.base, &task.base, within).map(Rc::new)
        });
        let revision = revision.flatten().unwrap_or_else(|| {
            NormalizedSchema::within(&self.revision, &task.revision, within).map(Rc::new)
        });
        // A union with one variant is compared with a union of several.
        match base.zip(revision)? {
            (old, new)
                if old.has_single_variants && old.unions.is_empty() && !new.unions.is_empty() =>
            {
                let old = NormalizedSchema::with_single_variants(&self.base, &task.base, within)?;
                Some((Rc::new(old), new))
            }
            (old, new)
                if new.has_single_variants && new.unions.is_empty() && !old.unions.is_empty() =>
            {
                let new =
                    NormalizedSchema::with_single_variants(&self.revision, &task.revision, within)?;
                Some((old, Rc::new(new)))
            }
            both => Some(both),
        }
    }

    /// Returns one of the two documents.
    pub fn document(&self, side: Side) -> &Document<'d> {
        match side {
            Side::Base => &self.base,
            Side::Revision => &self.revision,
        }
    }

    /// Returns the use of a schema without its wrappers.
    pub fn unwrapped(&self, side: Side, schema_use: &SchemaUse<'d>) -> Unwrapped<'d> {
        unwrap_schema(self.document(side), schema_use)
    }

    /// Returns the normalized form of a schema.
    pub fn normalized_at(
        &mut self,
        side: Side,
        schema_use: &SchemaUse<'d>,
    ) -> Option<Rc<NormalizedSchema<'d>>> {
        let core = self.unwrapped(side, schema_use).core;
        self.normalized_core(side, &core)
    }

    /// Returns the normalized form of a schema for values of some types.
    pub fn normalized_within(
        &self,
        side: Side,
        schema_use: &SchemaUse<'d>,
        within: Types,
    ) -> Option<NormalizedSchema<'d>> {
        let core = self.unwrapped(side, schema_use).core;
        NormalizedSchema::within(self.document(side), &core, Some(within))
    }

    /// Returns the normalized form of a schema that is unwrapped already.
    pub fn normalized_core(
        &mut self,
        side: Side,
        core: &[Node<'d>],
    ) -> Option<Rc<NormalizedSchema<'d>>> {
        let (document, schemas) = match side {
            Side::Base => (&self.base, &mut self.base_schemas),
            Side::Revision => (&self.revision, &mut self.revision_schemas),
        };
        if schemas.len() > MAX_KEPT {
            schemas.clear();
        }
        schemas
            .entry(addresses(core))
            .or_insert_with(|| NormalizedSchema::of(document, core).map(Rc::new))
            .clone()
    }
}
