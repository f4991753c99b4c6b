//! The parts of generated types: open enums and unions, builders, decoding and encoding.

pub mod choice;
pub mod collection;
pub mod conversion_error;
pub mod deserialize;
pub mod doubt;
pub mod drift;
pub(crate) mod encode;
pub mod lossy;
pub mod open_enum;
pub mod open_union;
pub mod received;
pub mod scalar;
pub mod serialize;
pub mod setter;
pub mod shape;
pub mod unknown_json;

pub use conversion_error::ConversionError;
pub use open_enum::UnknownValue;
pub use scalar::Scalar;
pub use setter::Nullable;
pub use unknown_json::UnknownJson;
