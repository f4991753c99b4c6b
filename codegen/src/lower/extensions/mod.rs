//! Extensions of operations.

pub(super) mod pagination;
