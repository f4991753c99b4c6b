//! Base URLs: which are accepted, and how paths are appended.

use neo_client_fixture::Client;
use neo_client_runtime::ErrorKind;

use crate::support::clients::{STOCK, STOCK_PATH};
use crate::support::server::{Server, json};

#[test]
fn base_url_rejected_is_explained_and_not_shown() {
    for (url, part) in [
        ("", "not an absolute URL"),
        ("depot.canary.example", "not an absolute URL"),
        ("https://", "not an absolute URL"),
        ("https://canary.example:99999", "not an absolute URL"),
        ("canary.example:8080", "must begin with `https://`"),
        ("ftp://canary.example", "must begin with `https://`"),
        ("file:///canary", "must begin with `https://`"),
        ("http://canary.example", "must begin with `https://`"),
        (
            "http://127.0.0.1.canary.example",
            "must begin with `https://`",
        ),
        (
            "http://localhost@canary.example",
            "must begin with `https://`",
        ),
        ("https://canary@depot.example", "user name or password"),
        ("https://user:canary@depot.example", "user name or password"),
        ("https://:canary@depot.example", "user name or password"),
        ("https://depot.example/?key=canary", "query"),
        ("https://depot.example?", "query"),
        ("https://depot.example/#canary", "fragment"),
        ("https://depot.example/#", "fragment"),
    ] {
        let error = Client::builder().base_url(url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}");
        let text = error.to_string();
        assert!(text.contains(part), "{url}: {text}");
        assert!(
            !format!("{error:?} {error:#}").contains("canary"),
            "{error:?}"
        );
    }
}

#[test]
fn base_url_http_needs_loopback_or_opt_in() {
    let client = |url: &str| Client::builder().base_url(url);
    assert!(
        client("http://depot.example")
            .allow_insecure_http()
            .build()
            .is_ok()
    );
    assert!(
        client("ftp://depot.example")
            .allow_insecure_http()
            .build()
            .is_err()
    );
    for host in [
        "127.0.0.1:1",
        "127.9.9.9",
        "[::1]:1",
        "localhost",
        "depot.localhost:1",
    ] {
        assert!(client(&format!("http://{host}")).build().is_ok(), "{host}");
    }
}

#[tokio::test]
async fn base_url_path_comes_first() {
    let server = Server::always(json(200, STOCK));
    for (suffix, target) in [
        ("", STOCK_PATH.to_owned()),
        ("/", STOCK_PATH.to_owned()),
        ("//", STOCK_PATH.to_owned()),
        ("/proxy/depot", format!("/proxy/depot{STOCK_PATH}")),
        ("/proxy/depot/", format!("/proxy/depot{STOCK_PATH}")),
    ] {
        let url = server.url() + suffix;
        let client = server.client_at(&url);
        client.stock().get_stock_level().await.unwrap();
        assert_eq!(server.received().last().unwrap().target, target);
    }
}

#[tokio::test]
async fn base_url_under_localhost_is_loopback() {
    let server = Server::always(json(200, STOCK));
    for host in ["localhost", "depot.localhost"] {
        let url = server.url().replace("127.0.0.1", host);
        let client = server.client_at(&url);
        client.stock().get_stock_level().await.unwrap();
    }
    assert_eq!(server.received().len(), 2);
}
