//! Proxies: which requests they get, and errors that name them.

use std::process::Command;

use neo_client_fixture::{Client, ClientBuilder};
use neo_client_runtime::ErrorKind;
use neo_client_runtime::reqwest::{self, Proxy};

use crate::support::calls::{quick, refusing_socket, stock_error, stock_level};
use crate::support::clients::{KEY, STOCK};
use crate::support::connection_fault::until_closed;
use crate::support::server::{Server, json};

/// Starts a proxy that responds to each `CONNECT` with `head`, and records the requests.
fn proxy(head: &'static str) -> Server {
    Server::accept(move |connection| {
        if connection.request().is_some() {
            connection.send(format!("{head}\r\n\r\n"));
            until_closed(&mut connection.socket);
        }
    })
}

fn builder(base_url: &str, proxy: &str) -> ClientBuilder {
    let proxy = Proxy::all(proxy).unwrap();
    let builder = Client::builder().depot_key(KEY).base_url(base_url);
    let builder = builder.retry_policy(quick());
    builder.http(move |http| http.proxy(proxy.clone()))
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn proxy_407_is_final_and_named() {
    let proxy = proxy("HTTP/1.1 407 Proxy Authentication Required");
    let client = builder("https://depot.example", &proxy.url());
    let error = stock_error(&client.build().unwrap()).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Proxy, 1));
    assert!(!error.is_retryable());
    let text = error.to_string();
    assert!(text.contains("the proxy") && text.contains("407"), "{text}");
    let received = proxy.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].method, "CONNECT");
    assert!(!received[0].holds(KEY));
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn proxy_that_refuses_the_host_is_final_and_named() {
    let proxy = proxy("HTTP/1.1 403 Forbidden");
    let client = builder("https://depot.example", &proxy.url());
    let error = stock_error(&client.build().unwrap()).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Proxy, 1));
    let text = error.to_string();
    assert!(text.contains("the proxy `127.0.0.1:"), "{text}");
    assert!(text.contains("responded 403 Forbidden"), "{text}");
    assert!(text.contains("`depot.example`"), "{text}");
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn proxy_that_is_busy_is_named_and_retried() {
    let proxy = proxy("HTTP/1.1 502 Bad Gateway");
    let client = builder("https://depot.example", &proxy.url());
    let error = stock_error(&client.build().unwrap()).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
    assert!(error.to_string().contains("responded 502"), "{error}");
}

#[tokio::test]
async fn proxy_of_plain_http_that_is_away_is_named() {
    let (_socket, url) = refusing_socket();
    let client = builder("http://depot.example", &url).allow_insecure_http();
    let error = stock_error(&client.build().unwrap()).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
    let text = error.to_string();
    assert!(
        text.contains("no connection to the proxy `127.0.0.1:"),
        "{text}"
    );
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn proxy_that_is_away_is_named_and_retried() {
    let (_socket, url) = refusing_socket();
    let client = builder("https://depot.example", &url);
    let error = stock_error(&client.build().unwrap()).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
    let text = error.to_string();
    assert!(text.contains("no connection to the proxy"), "{text}");
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn proxy_that_connects_is_not_blamed() {
    // The tunnel leads to a server that does not speak TLS.
    let proxy = Server::accept(|connection| {
        connection.request();
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
        // The handshake begins only after the tunnel is made.
        connection.socket.peek(&mut [0]).unwrap();
        connection.send("220 mail.example ESMTP\r\n");
        until_closed(&mut connection.socket);
    });
    let client = builder("https://depot.example", &proxy.url());
    let error = stock_error(&client.build().unwrap()).await;
    assert_eq!(error.kind(), ErrorKind::Tls);
    assert!(!error.to_string().contains("proxy"), "{error}");
}

#[tokio::test]
async fn proxy_of_caller_is_not_used_on_loopback() {
    let proxy = Server::always(json(200, STOCK));
    let server = Server::always(json(200, STOCK));
    let client = builder(&server.url(), &proxy.url()).build().unwrap();
    stock_level(&client).await.unwrap();
    assert_eq!((proxy.accepted(), server.accepted()), (0, 1));
}

#[tokio::test]
async fn http_client_with_proxy_is_rejected_on_loopback() {
    let server = Server::always(json(200, STOCK));
    let proxy = Proxy::all("http://127.0.0.1:9").unwrap();
    let http = reqwest::Client::builder().proxy(proxy).build().unwrap();
    let builder = || Client::builder().depot_key(KEY).base_url(server.url());
    let error = builder().http_client(http).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("`no_proxy()`"), "{error}");
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    stock_level(&builder().http_client(http).build().unwrap())
        .await
        .unwrap();
}

/// Runs an ignored test in a process with proxies in its environment.
fn in_environment(test: &str, variables: &[(&str, &str)]) {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored"])
        .envs(variables.iter().copied())
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{output}");
    assert!(output.contains("1 passed"), "{output}");
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn proxy_of_environment_tells_its_status() {
    for (head, test) in [
        ("HTTP/1.1 403 Forbidden", "proxy::with_proxy_that_forbids"),
        (
            "HTTP/1.1 503 Service Unavailable",
            "proxy::with_proxy_that_is_busy",
        ),
    ] {
        let proxy = proxy(head);
        in_environment(test, &[("HTTPS_PROXY", &proxy.url())]);
        assert!(proxy.received().iter().all(|it| it.method == "CONNECT"));
        assert!(!proxy.received().iter().any(|it| it.holds(KEY)));
    }
}

#[tokio::test]
#[ignore = "runs in a process of its own, with a proxy in the environment"]
async fn with_proxy_that_forbids() {
    let error = stock_error(&of_production()).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Proxy, 1));
    let text = error.to_string();
    assert!(text.contains("the proxy `127.0.0.1:"), "{text}");
    assert!(text.contains("responded 403 Forbidden"), "{text}");
}

#[tokio::test]
#[ignore = "runs in a process of its own, with a proxy in the environment"]
async fn with_proxy_that_is_busy() {
    let error = stock_error(&of_production()).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
    assert!(error.to_string().contains("503"), "{error}");
}

#[tokio::test]
async fn proxy_of_another_kind_is_final_and_named() {
    in_environment(
        "proxy::with_socks_proxy",
        &[("ALL_PROXY", "socks5://127.0.0.1:9")],
    );
}

#[tokio::test]
#[ignore = "runs in a process of its own, with a proxy in the environment"]
async fn with_socks_proxy() {
    let error = stock_error(&of_production()).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Proxy, 1));
    assert!(error.to_string().contains("`socks5`"), "{error}");
}

/// Returns a client of a host that is not on this machine.
fn of_production() -> Client {
    let builder = Client::builder().depot_key(KEY).retry_policy(quick());
    builder.base_url("https://depot.example").build().unwrap()
}

/// Runs [`with_proxy_of_environment`] in a process with a proxy in its environment.
#[tokio::test]
async fn proxy_of_environment_is_not_used_on_loopback() {
    let proxy = Server::always(json(200, STOCK));
    in_environment(
        "proxy::with_proxy_of_environment",
        &[
            ("HTTP_PROXY", &proxy.url()),
            ("HTTPS_PROXY", "http://user:canary@127.0.0.1:9"),
        ],
    );
    assert_eq!(proxy.accepted(), 0);
}

#[tokio::test]
#[ignore = "runs in a process of its own, with a proxy in the environment"]
async fn with_proxy_of_environment() {
    let server = Server::always(json(200, STOCK));
    stock_level(&server.client()).await.unwrap();
    assert_eq!(server.accepted(), 1);
    // A client of the caller would send the key to the proxy.
    let http = reqwest::Client::new();
    let builder = server.builder().depot_key(KEY).http_client(http);
    let error = builder.build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    if cfg!(feature = "rustls") {
        let text = format!("{:#}", stock_error(&of_production()).await);
        assert!(text.contains("the proxy `127.0.0.1:9`"), "{text}");
        assert!(!text.contains("canary"), "{text}");
    }
}
