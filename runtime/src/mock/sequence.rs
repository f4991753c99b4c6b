//! Replies that change from request to request, and replies of bytes.

use std::collections::VecDeque;

use bytes::Bytes;
use hyper::header::HeaderValue;
use reqwest::StatusCode;
use serde::Serialize;

use super::document::Reply;
use super::server::Scripted;
use super::{MockError, MockServer, status};

impl MockServer {
    /// Lets an operation reply with these, a status and JSON each, in turn: the first to the next request, and the last
    /// from then on. A task that goes through its states, for instance. A request that fails with a
    /// [`Fault`](super::Fault) that lets nothing of the reply through takes none. Without any reply, the operation gives
    /// its sample again.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use neo_client::{Outcome, mock::MockServer, serde_json::json, types::TaskCreateRequest};
    /// use std::time::Duration;
    ///
    /// let server = MockServer::start().await?;
    /// let states = ["started", "started", "completed"];
    /// let replies = states.map(|state| (200, json!({ "stream": { "streamStatus": state } })));
    /// server.respond_each("tasks.get_task_details", replies)?;
    ///
    /// let task = TaskCreateRequest::builder().task("scan example.com");
    /// let brief = Duration::from_millis(1);
    /// let run = server.client().tasks().run(task).poll_every(brief, brief).send().await?;
    /// assert_eq!(run.outcome, Outcome::Succeeded);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`respond`](MockServer::respond).
    pub fn respond_each(
        &self,
        operation: &str,
        replies: impl IntoIterator<Item = (u16, impl Serialize)>,
    ) -> Result<(), MockError> {
        let id = self.operation_id(operation)?;
        let reply = |(code, json)| {
            let json = serde_json::to_value(json).map_err(MockError::Json)?;
            Ok(Reply::json(status(code)?, &json))
        };
        let replies: VecDeque<Reply> = replies
            .into_iter()
            .map(reply)
            .collect::<Result<_, MockError>>()?;
        self.running
            .shared
            .override_reply(id, Scripted::Each(replies));
        Ok(())
    }

    /// Lets an operation reply with these bytes from now on, with status 200.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = neo_client::mock::MockServer::start().await?;
    /// server.respond_bytes("billing.get_credit_balance", "application/pdf", "%PDF-")?;
    /// assert!(server.client().billing().get_credit_balance().await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`MockError::UnknownOperation`] when the document has no such operation, [`MockError::MediaType`] when
    /// `media_type` holds what no header can hold.
    pub fn respond_bytes(
        &self,
        operation: &str,
        media_type: &str,
        bytes: impl Into<Bytes>,
    ) -> Result<(), MockError> {
        let id = self.operation_id(operation)?;
        if HeaderValue::try_from(media_type).is_err() {
            return Err(MockError::MediaType);
        }
        let reply = Reply {
            status: StatusCode::OK,
            media_type: media_type.to_owned(),
            body: bytes.into(),
        };
        self.running
            .shared
            .override_reply(id, Scripted::Reply(reply));
        Ok(())
    }
}
