//! Responses that the owner of a server set.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::events::MockEvent;
use super::pages::Pages;
use super::response::Reply;

/// A reply that the owner of the server set.
#[derive(Clone)]
pub(super) enum Scripted {
    Reply(Reply),
    /// The first is for the next request; the last stays.
    Each(VecDeque<Reply>),
    /// An event stream: its events, and the pause before each.
    Events(Vec<MockEvent>, Duration),
    Pages(Arc<Pages>),
}
