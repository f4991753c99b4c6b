//! Builds sample values: the document's own examples where they fit, else values made from schemas.
//!
//! The sampler reads JSON Schema 2020-12 as OpenAPI 3.1 uses it, and the spellings of OpenAPI 3.0
//! (`nullable`, boolean `exclusiveMinimum`). It ignores:
//!
//! - `not`, `if`/`then`/`else`, `dependentSchemas`, `unevaluatedItems`, `unevaluatedProperties` and
//!   `$dynamicRef`;
//! - references into other documents;
//! - patterns with look-around or back-references: the string is built without the pattern;
//! - the property names that `patternProperties` describes.
//!
//! An example that breaks its own schema is not used. `check` lists the keywords that decide.

mod arguments;
mod check;
mod container;
mod fuel;
mod name_hints;
mod parts;
mod pattern;
mod sampler;
mod sampling;
mod scalar;
#[cfg(test)]
mod tests;

pub(crate) use arguments::Arguments;
pub(crate) use sampler::Sampler;
