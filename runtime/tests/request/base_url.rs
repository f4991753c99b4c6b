//! Which base URLs are accepted, what is said about the others, and what becomes of a path in one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod server;

use neo_client::{Client, ErrorKind};
use server::{BALANCE, CREDITS, Server, json};

#[test]
fn what_is_refused_is_named_and_not_shown() {
    for (url, part) in [
        ("", "not an absolute URL"),
        ("neo.canary.example", "not an absolute URL"),
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
        ("https://canary@neo.example", "user name or password"),
        ("https://user:canary@neo.example", "user name or password"),
        ("https://:canary@neo.example", "user name or password"),
        ("https://neo.example/?key=canary", "query"),
        ("https://neo.example?", "query"),
        ("https://neo.example/#canary", "fragment"),
        ("https://neo.example/#", "fragment"),
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
fn http_needs_a_loopback_host_or_a_word() {
    let client = |url: &str| Client::builder().base_url(url);
    assert!(
        client("http://neo.example")
            .allow_insecure_http()
            .build()
            .is_ok()
    );
    assert!(
        client("ftp://neo.example")
            .allow_insecure_http()
            .build()
            .is_err()
    );
    for host in [
        "127.0.0.1:1",
        "127.9.9.9",
        "[::1]:1",
        "localhost",
        "neo.localhost:1",
    ] {
        assert!(client(&format!("http://{host}")).build().is_ok(), "{host}");
    }
}

#[tokio::test]
async fn a_slash_at_the_end_is_harmless_and_a_path_comes_first() {
    let server = Server::always(json(200, BALANCE));
    for (suffix, target) in [
        ("", CREDITS.to_owned()),
        ("/", CREDITS.to_owned()),
        ("//", CREDITS.to_owned()),
        ("/gate/neo", format!("/gate/neo{CREDITS}")),
        ("/gate/neo/", format!("/gate/neo{CREDITS}")),
    ] {
        let url = server.url() + suffix;
        let client = server.client_at(&url);
        client.billing().get_credit_balance().await.unwrap();
        assert_eq!(server.received().last().unwrap().target, target);
    }
}

#[tokio::test]
async fn a_name_under_localhost_is_this_machine() {
    let server = Server::always(json(200, BALANCE));
    for host in ["localhost", "neo.localhost"] {
        let url = server.url().replace("127.0.0.1", host);
        let client = server.client_at(&url);
        client.billing().get_credit_balance().await.unwrap();
    }
    assert_eq!(server.received().len(), 2);
}
