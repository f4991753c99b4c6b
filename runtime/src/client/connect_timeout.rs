//! The time limit for making a connection, which each call may set for itself.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tower::{Layer, Service};

use crate::error::BoxError;

tokio::task_local! {
    /// Of the call that is being made. reqwest has one limit for all calls of a client, and a client of its own for a
    /// call would have no connections to share.
    static LIMIT: Duration;
}

/// Runs `sending` with a limit for each connection that it makes.
pub(crate) async fn within<F: Future>(limit: Duration, sending: F) -> F::Output {
    LIMIT.scope(limit, sending).await
}

/// Wraps what makes connections; the limit is that of [`within`].
#[derive(Clone, Copy)]
pub(crate) struct ConnectLimit;

impl<S> Layer<S> for ConnectLimit {
    type Service = Limited<S>;

    fn layer(&self, connector: S) -> Limited<S> {
        Limited(connector)
    }
}

#[derive(Clone)]
pub(crate) struct Limited<S>(S);

impl<S, Target> Service<Target> for Limited<S>
where
    S: Service<Target, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: Target) -> Self::Future {
        let limit = LIMIT.try_with(|limit| *limit);
        let connecting = self.0.call(target);
        Box::pin(async move {
            let Ok(limit) = limit else {
                return connecting.await;
            };
            match tokio::time::timeout(limit, connecting).await {
                Ok(outcome) => outcome,
                Err(_) => Err(ConnectTimedOut(limit).into()),
            }
        })
    }
}

/// No connection was made in time.
#[derive(Debug)]
pub(crate) struct ConnectTimedOut(pub(crate) Duration);

impl fmt::Display for ConnectTimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no connection within {} s", self.0.as_secs_f64())
    }
}

impl std::error::Error for ConnectTimedOut {}
