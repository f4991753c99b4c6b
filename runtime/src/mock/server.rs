//! The listening side: a thread with the sockets, and the answer to each request.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::{ALLOW, HeaderValue, WWW_AUTHENTICATE};
use hyper::http::request;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::oneshot;

use super::body::{Body, Disconnected};
use super::document::{Document, Route};
use super::fault::Fault;
use super::recorded::RecordedRequest;
use super::response::{Reply, problem, response};
use super::script::Scripted;
use super::{events, negotiation, pages};

/// The largest request body that is kept. A larger one is read to its end, so that the client gets
/// to see the 413.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// How long to wait when no connection can be accepted (no file descriptor is left, say).
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// What the server and its owner share.
pub(super) struct Shared {
    pub(super) document: Document,
    /// Replies that stand in for the document's, by operation id.
    replies: Mutex<HashMap<String, Scripted>>,
    /// What goes wrong with the next requests, by operation id; the first is for the next one.
    faults: Mutex<HashMap<String, VecDeque<Fault>>>,
    requests: Mutex<Vec<RecordedRequest>>,
}

/// The running server. Dropping it closes every socket before it returns.
pub(super) struct Running {
    pub(super) address: SocketAddr,
    pub(super) shared: Arc<Shared>,
    /// Dropped to stop the thread.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts to listen on a free port of 127.0.0.1.
    ///
    /// The server has a thread and a runtime of its own, so that it outlives the runtime of the one
    /// test that started it (where several share it), answers while that runtime is blocked, and is
    /// gone when its drop returns.
    pub(super) async fn start(document: Document) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            document,
            replies: Mutex::default(),
            faults: Mutex::default(),
            requests: Mutex::default(),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let (ready, started) = oneshot::channel();
        let of_thread = Arc::clone(&shared);
        let run = move || {
            let runtime = match tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
            {
                Ok(runtime) => runtime,
                Err(error) => return drop(ready.send(Err(error))),
            };
            runtime.block_on(async {
                match tokio::net::TcpListener::from_std(listener) {
                    Ok(listener) => drop(tokio::spawn(accept(listener, of_thread))),
                    Err(error) => return drop(ready.send(Err(error))),
                }
                drop(ready.send(Ok(())));
                // An error is the sign: the sender was dropped.
                stopped.await.unwrap_or_default();
            });
        };
        let thread = thread::Builder::new()
            .name("mock-server".to_owned())
            .spawn(run)?;
        let running = Self {
            address,
            shared,
            stop: Some(stop),
            thread: Some(thread),
        };
        started.await.map_err(io::Error::other)??;
        Ok(running)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been printed already, and a drop can do no more about it.
            drop(thread.join());
        }
    }
}

impl Shared {
    pub(super) fn requests(&self) -> Vec<RecordedRequest> {
        locked(&self.requests).clone()
    }

    pub(super) fn override_reply(&self, operation_id: &str, reply: Scripted) {
        locked(&self.replies).insert(operation_id.to_owned(), reply);
    }

    pub(super) fn add_fault(&self, operation_id: &str, fault: Fault) {
        let mut faults = locked(&self.faults);
        let queue = faults.entry(operation_id.to_owned()).or_default();
        queue.push_back(fault);
    }

    fn take_fault(&self, operation_id: Option<&str>, head: &request::Parts) -> Option<Fault> {
        let operation_id = operation_id?;
        let scripted = locked(&self.replies).get(operation_id).cloned();
        let can_repeat = match scripted {
            Some(Scripted::Pages(pages)) => pages.is_behind_the_first(head.uri.query()),
            _ => false,
        };
        let mut faults = locked(&self.faults);
        let queue = faults.get_mut(operation_id)?;
        // It waits for a page before which there is one.
        let waits = queue.front() == Some(&Fault::RepeatedCursor) && !can_repeat;
        if waits { None } else { queue.pop_front() }
    }

    /// Reads a request, records it, and gives the answer.
    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Body>, Disconnected> {
        let (head, body) = request.into_parts();
        let body = read(body).await?;
        let route = self.document.route(&head.method, head.uri.path());
        let operation_id = match &route {
            Route::Found(endpoint) => Some(endpoint.id.as_str()),
            _ => None,
        };
        let fault = self.take_fault(operation_id, &head);
        let response = match body {
            // Nothing of the right reply would be seen.
            Some(_) if fault.is_some_and(Fault::is_instead) => {
                response(Reply::empty(StatusCode::NO_CONTENT))
            }
            Some(_) => self.response(&route, &head, fault),
            None => response(problem(
                StatusCode::PAYLOAD_TOO_LARGE,
                "payload_too_large",
                "request body over 16 MiB",
            )),
        };
        let body = body.unwrap_or_default();
        let recorded =
            RecordedRequest::new(head, body, operation_id, &self.document.secret_headers);
        locked(&self.requests).push(recorded);
        match fault {
            Some(fault) => fault.befall(response).await,
            None => Ok(response),
        }
    }

    /// The reply that the owner set. Of several, the first is used up, unless it is the last.
    fn own_reply(&self, operation_id: &str) -> Option<Scripted> {
        let mut replies = locked(&self.replies);
        match replies.get_mut(operation_id)? {
            Scripted::Each(each) if each.len() > 1 => each.pop_front().map(Scripted::Reply),
            other => Some(other.clone()),
        }
    }

    fn response(
        &self,
        route: &Route<'_>,
        head: &request::Parts,
        fault: Option<Fault>,
    ) -> Response<Body> {
        let endpoint = match route {
            Route::Found(endpoint) => endpoint,
            Route::OtherMethods(methods) => {
                let methods: Vec<_> = methods.iter().map(|method| method.as_str()).collect();
                let text = "the path is known with another method";
                let mut response = response(problem(
                    StatusCode::METHOD_NOT_ALLOWED,
                    "method_not_allowed",
                    text,
                ));
                if let Ok(methods) = HeaderValue::try_from(methods.join(", ")) {
                    response.headers_mut().insert(ALLOW, methods);
                }
                return response;
            }
            Route::Unknown => {
                return response(problem(
                    StatusCode::NOT_FOUND,
                    "not_exists",
                    "the document has no such path",
                ));
            }
        };
        if !endpoint.security.is_satisfied_by(head) {
            let mut response = response(problem(
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "credentials are missing",
            ));
            response
                .headers_mut()
                .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return response;
        }
        let own = self.own_reply(&endpoint.id);
        let documented = || {
            let reply = negotiation::choose(&endpoint.replies, &head.headers)?.clone();
            Some(pages::only_page(
                self.document.pagination(&endpoint.id),
                reply,
            ))
        };
        let reply = match own {
            Some(Scripted::Events(events, pause)) => {
                return events::response(&events, pause, &head.headers);
            }
            Some(Scripted::Pages(pages)) => {
                let repeats = fault == Some(Fault::RepeatedCursor);
                Some(pages.page(head.uri.query(), repeats))
            }
            Some(Scripted::Reply(reply)) => Some(reply),
            Some(Scripted::Each(mut replies)) => replies.pop_front().or_else(documented),
            None => documented(),
        };
        // No success is documented: there is nothing to say.
        reply.map_or_else(|| response(Reply::empty(StatusCode::NO_CONTENT)), response)
    }
}

async fn accept(listener: tokio::net::TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // Small replies would wait for the client's acknowledgement otherwise; without the option
        // they are only slower.
        stream.set_nodelay(true).unwrap_or_default();
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let is_reset = Arc::new(AtomicBool::new(false));
            let of_service = Arc::clone(&is_reset);
            let service = service_fn(move |request| {
                let (shared, is_reset) = (Arc::clone(&shared), Arc::clone(&of_service));
                async move {
                    let answer = shared.answer(request).await;
                    let resets = matches!(answer, Err(Disconnected::Reset));
                    is_reset.fetch_or(resets, Ordering::Relaxed);
                    answer
                }
            });
            let mut connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            // What is no HTTP ends its own connection (hyper answers 400 where it can), nothing
            // else.
            drop((&mut connection).await);
            let stream = connection.into_parts().io.into_inner();
            if is_reset.load(Ordering::Relaxed) {
                // Closed without a word of farewell (RFC 9293 section 3.5.2).
                stream.set_zero_linger().unwrap_or_default();
            }
        });
    }
}

/// The whole body; None when it is larger than what is kept.
async fn read(mut body: Incoming) -> hyper::Result<Option<Bytes>> {
    let mut kept = Some(BytesMut::new());
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        kept = kept.filter(|kept| kept.len() + data.len() <= LARGEST_BODY);
        if let Some(kept) = &mut kept {
            kept.extend_from_slice(&data);
        }
    }
    Ok(kept.map(BytesMut::freeze))
}

/// The value behind a lock. What is in it is complete even if a thread panicked while holding it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
