//! The events of a job, read beside its details.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_core::future::BoxFuture;

use super::job::ReadLog;
use crate::error::Error;
use crate::response::{Event, EventStream};

pub(super) type OnEvent<'c> = Box<dyn FnMut(&Event) + Send + 'c>;

/// The source of the events of a job, and their receiver.
pub(super) struct Followed<'c> {
    source: Source<'c>,
    pub(super) on_event: OnEvent<'c>,
}

enum Source<'c> {
    /// The response that started the job.
    Stream(Box<EventStream>),
    /// The log of a job that exists already, which is read after each response with the details.
    Log {
        read: ReadLog<'c>,
        reading: Option<BoxFuture<'c, Result<Vec<Event>, Error>>>,
    },
}

/// Something that happened with the events.
pub(super) enum Happened {
    Events(Vec<Event>),
    /// No more events follow.
    Ended,
    Lost(Error),
}

impl<'c> Followed<'c> {
    /// Returns the events of the response that started a job.
    pub(super) fn stream(events: EventStream, on_event: OnEvent<'c>) -> Self {
        Self {
            source: Source::Stream(Box::new(events)),
            on_event,
        }
    }

    /// Returns the log of a job that exists already.
    pub(super) fn log(read: ReadLog<'c>, on_event: OnEvent<'c>) -> Self {
        Self {
            source: Source::Log {
                read,
                reading: None,
            },
            on_event,
        }
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Happened> {
        match &mut self.source {
            Source::Stream(events) => {
                Poll::Ready(match ready!(Pin::new(&mut **events).poll_next(context)) {
                    Some(Ok(event)) => Happened::Events(vec![event]),
                    Some(Err(error)) => Happened::Lost(error),
                    None => Happened::Ended,
                })
            }
            Source::Log { reading, .. } => {
                let Some(running) = reading else {
                    return Poll::Pending;
                };
                let read = ready!(running.as_mut().poll(context));
                *reading = None;
                Poll::Ready(match read {
                    Ok(events) => Happened::Events(events),
                    Err(error) => Happened::Lost(error),
                })
            }
        }
    }

    /// Returns whether the source stays usable after a failure.
    pub(super) fn is_log(&self) -> bool {
        matches!(self.source, Source::Log { .. })
    }

    /// Begins to read what was added to a log.
    pub(super) fn read_on(&mut self, id: &str, position: Option<u64>) {
        if let Source::Log { read, reading } = &mut self.source
            && reading.is_none()
        {
            *reading = Some(read(id, position));
        }
    }
}
