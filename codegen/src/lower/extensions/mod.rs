//! Extensions that operations may have, and what they declare.

pub(super) mod pagination;
