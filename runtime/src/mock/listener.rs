//! Listens on a port of 127.0.0.1, on a thread with a runtime of its own.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use super::body::Disconnected;
use super::service::MockService;

/// The pause after a failed `accept`, for example if no file descriptor is left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// A listening thread. Its drop closes every socket before it returns.
pub(super) struct Listener {
    pub(super) address: SocketAddr,
    /// Dropped to stop the thread.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    /// Starts to listen on a free port.
    ///
    /// The thread has a runtime of its own. So the server outlives the runtime of the test that
    /// started it, responds while that runtime is blocked, and is gone when its drop returns.
    pub(super) async fn start(service: Arc<MockService>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, started) = oneshot::channel();
        let run = move || {
            let mut builder = tokio::runtime::Builder::new_current_thread();
            let runtime = match builder.enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(ready.send(Err(error))),
            };
            runtime.block_on(async {
                match tokio::net::TcpListener::from_std(listener) {
                    Ok(listener) => drop(tokio::spawn(accept(listener, service))),
                    Err(error) => return drop(ready.send(Err(error))),
                }
                drop(ready.send(Ok(())));
                // The drop of the sender is the signal, and an error here.
                stopped.await.unwrap_or_default();
            });
        };
        let thread = thread::Builder::new()
            .name("mock-server".to_owned())
            .spawn(run)?;
        let listener = Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        };
        started.await.map_err(io::Error::other)??;
        Ok(listener)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was printed already.
            drop(thread.join());
        }
    }
}

async fn accept(listener: tokio::net::TcpListener, service: Arc<MockService>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(serve(stream, Arc::clone(&service)))),
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

/// Serves one connection to its end.
async fn serve(stream: TcpStream, service: Arc<MockService>) {
    // Without the option, small responses wait for an acknowledgement. They are only slower.
    stream.set_nodelay(true).unwrap_or_default();
    let is_reset = Arc::new(AtomicBool::new(false));
    let reset = Arc::clone(&is_reset);
    let respond = service_fn(move |request| {
        let (service, reset) = (Arc::clone(&service), Arc::clone(&reset));
        async move {
            let response = service.handle(request).await;
            let resets = matches!(response, Err(Disconnected::Reset));
            reset.fetch_or(resets, Ordering::Relaxed);
            response
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), respond);
    // A request that is not HTTP ends its own connection only. Hyper responds 400 if possible.
    drop((&mut connection).await);
    let stream = connection.into_parts().io.into_inner();
    if is_reset.load(Ordering::Relaxed) {
        // The socket then closes with a reset (RFC 9293 section 3.5.2).
        stream.set_zero_linger().unwrap_or_default();
    }
}
