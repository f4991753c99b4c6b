//! The modes in which operations use pairs of schemas.

use crate::diff::model::context::Sent;
use crate::diff::model::verdict::{Direction, Directions};

/// The use of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    Sent,
    Received,
    /// Sent, within a pair whose values all stay valid.
    SentKept,
    /// Received, within a pair of which no other value becomes valid.
    ReceivedKept,
    Unfelt,
}

impl Mode {
    pub const ALL: [Self; 5] = [
        Self::Sent,
        Self::Received,
        Self::SentKept,
        Self::ReceivedKept,
        Self::Unfelt,
    ];

    /// Returns the mode of a schema that an operation sends or receives.
    pub fn of(direction: Direction) -> Self {
        match direction {
            Direction::Request => Self::Sent,
            Direction::Response => Self::Received,
        }
    }

    /// Returns the mode within a pair that keeps its values.
    pub fn kept(self) -> Self {
        match self {
            Self::Sent => Self::SentKept,
            Self::Received => Self::ReceivedKept,
            other => other,
        }
    }

    /// Returns the mode of schemas that are no part of the values that are kept.
    pub fn apart(self) -> Self {
        match self {
            Self::SentKept => Self::Sent,
            Self::ReceivedKept => Self::Received,
            other => other,
        }
    }

    /// Returns the mode of a pair within, by the directions in which it is sent.
    pub fn through(self, sent: Sent) -> Self {
        let is_sent = match self {
            Self::Sent | Self::SentKept => sent.in_requests,
            Self::Received | Self::ReceivedKept => sent.in_responses,
            Self::Unfelt => true,
        };
        if is_sent { self } else { Self::Unfelt }
    }

    /// Returns the directions in which a change is felt.
    pub fn directions(self, is_of_values: bool) -> Directions {
        match self {
            Self::SentKept | Self::ReceivedKept if is_of_values => Directions::default(),
            Self::Sent | Self::SentKept => Directions::default().with(Direction::Request),
            Self::Received | Self::ReceivedKept => Directions::default().with(Direction::Response),
            Self::Unfelt => Directions::default(),
        }
    }
}
