//! A type of the generated module `types`.

use syn::Item;

/// A type of the module `types`.
pub(crate) struct Definition {
    pub(crate) name: String,
    /// The item with the name; for an enumeration or a union, the macro that defines it.
    pub(crate) item: Item,
    pub(crate) implementations: Vec<Item>,
    /// The builder, with everything that belongs to the builder.
    pub(crate) builder: Vec<Item>,
    /// The implementation of `Deserialize`, which is printed into a file of its own.
    pub(crate) deserialize: Vec<Item>,
    /// The implementation of `Serialize`, which is printed into a file of its own.
    pub(crate) serialize: Vec<Item>,
}

impl Definition {
    pub(super) fn new(name: String, item: Item) -> Self {
        Self {
            name,
            item,
            implementations: Vec::new(),
            builder: Vec::new(),
            deserialize: Vec::new(),
            serialize: Vec::new(),
        }
    }
}
