//! Redirects: followed within the origin of the base URL, and never to another one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod server;

use neo_client::{Error, ErrorKind, Method};
use server::{BALANCE, KEY, Received, Server, json, reply};

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

fn redirect(status: u16, location: &str) -> Vec<u8> {
    reply(status, &[&format!("location: {location}")], "")
}

/// Redirects to the path in the request's query, or answers when there is none.
fn follow_me(request: &Received) -> Vec<u8> {
    match request.target.split_once("?to=") {
        Some((_, to)) => redirect(302, to),
        None => json(200, BALANCE),
    }
}

#[tokio::test]
async fn another_origin_is_not_asked() {
    let other = Server::always(json(200, BALANCE));
    for status in STATUSES {
        let location = format!("{}/api/v1/billing/credits?token=secret#secret", other.url());
        let server = Server::always(redirect(status, &location));
        let bearer = server.builder().bearer_token(KEY).build().unwrap();
        for client in [server.client(), bearer] {
            let error = client.billing().get_credit_balance().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Redirect);
            assert!(!error.is_retryable());
            let text = error.to_string();
            assert!(text.contains(&other.url()), "{text}");
            assert!(
                !format!("{error:?}{error:#}").contains("secret"),
                "{error:?}"
            );
            assert!(server.received().last().unwrap().holds(KEY));
        }
        let post = server
            .client()
            .request(Method::POST, "/api/v1/tasks")
            .json(&["body"]);
        assert_eq!(post.send().await.unwrap_err().kind(), ErrorKind::Redirect);
    }
    assert!(other.received().is_empty());
}

#[tokio::test]
async fn the_same_host_is_another_origin_under_another_name_scheme_or_port() {
    let server = Server::start(|request| {
        let to = request.target.rsplit_once("/to/").unwrap().1;
        redirect(307, &to.replace("%3A", ":").replace("%2F", "/"))
    });
    let port = server.url().rsplit_once(':').unwrap().1.to_owned();
    for location in [
        format!("http:%2F%2Flocalhost:{port}%2Fx"),
        format!("https:%2F%2F127.0.0.1:{port}%2Fx"),
        "http:%2F%2F127.0.0.1%2Fx".to_owned(),
        format!("%2F%2Flocalhost:{port}%2Fx"),
    ] {
        let request = server
            .client()
            .request(Method::GET, format!("/to/{location}"));
        let error = request.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect, "{location}: {error}");
    }
    assert_eq!(server.received().len(), 4);
}

#[tokio::test]
async fn within_the_origin_a_redirect_is_followed_with_the_credential() {
    for status in STATUSES {
        let server = Server::start(move |request| match request.target.as_str() {
            "/moved" => json(200, BALANCE),
            _ => redirect(status, "/moved"),
        });
        server
            .client()
            .billing()
            .get_credit_balance()
            .await
            .unwrap();
        let received = server.received();
        assert_eq!(received[1].target, "/moved");
        assert_eq!(received[1].header("x-api-key"), Some(KEY));
        assert_eq!(received[1].header("referer"), None);
    }
}

#[tokio::test]
async fn five_redirects_are_followed_and_not_six() {
    let server = Server::start(|request| {
        let left: u8 = request.target.trim_start_matches('/').parse().unwrap();
        match left {
            0 => json(200, "[]"),
            _ => redirect(302, &format!("/{}", left - 1)),
        }
    });
    let get = async |path: &str| -> Result<(), Error> {
        server
            .client()
            .request(Method::GET, path)
            .send()
            .await
            .map(drop)
    };
    get("/5").await.unwrap();
    let error = get("/6").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert!(error.to_string().contains("more than 5 times"), "{error}");
    assert_eq!(server.received().len(), 12);
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_an_error_with_its_status() {
    let missing = Server::always(reply(302, &[], "gone"));
    let error = missing
        .client()
        .billing()
        .get_credit_balance()
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap(), 302);
    assert_eq!(error.api().unwrap().excerpt(), Some("gone"));

    for (location, kind) in [
        ("http://", ErrorKind::Api),
        ("http://[", ErrorKind::Api),
        ("javascript:alert(1)", ErrorKind::Redirect),
        ("\\\\evil.example/x", ErrorKind::Redirect),
    ] {
        let server = Server::always(redirect(302, location));
        let error = server.client().billing().get_credit_balance().await;
        assert_eq!(error.unwrap_err().kind(), kind, "{location}");
    }
}

#[tokio::test]
async fn a_client_of_the_callers_own_is_found_out() {
    let other = Server::always(json(200, BALANCE));
    let location = format!("{}/x", other.url());
    let server = Server::always(redirect(302, &location));
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let client = server
        .builder()
        .api_key(KEY)
        .http_client(http)
        .build()
        .unwrap();
    let error = client.billing().get_credit_balance().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    let text = error.to_string();
    assert!(
        text.contains(&other.url()) && text.contains("Policy::none()"),
        "{text}"
    );
}

#[tokio::test]
async fn the_policy_makes_a_client_of_the_callers_own_safe() {
    let other = Server::always(json(200, BALANCE));
    let location = format!("{}/x", other.url());
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let server = Server::always(redirect(302, &location));
    let client = server
        .builder()
        .api_key(KEY)
        .http_client(http.clone())
        .build()
        .unwrap();
    let error = client.billing().get_credit_balance().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert!(other.received().is_empty());

    let server = Server::start(follow_me);
    let client = server
        .builder()
        .api_key(KEY)
        .http_client(http)
        .build()
        .unwrap();
    let request = client.request(Method::GET, "/a").query(&[("to", "here")]);
    request.send().await.unwrap();
}

#[tokio::test]
async fn a_redirect_never_changes_what_was_asked() {
    let moved = |status: u16| {
        Server::start(move |request| match request.target.as_str() {
            "/moved" => json(200, "[]"),
            _ => redirect(status, "/moved"),
        })
    };
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        for status in [301, 302, 303] {
            let server = moved(status);
            let error = server
                .client()
                .request(method.clone(), "/asked")
                .json(&["body"])
                .send()
                .await
                .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Redirect);
            assert_eq!(error.status().unwrap(), status);
            assert!(error.to_string().contains("into a GET"), "{error}");
            assert_eq!(server.received().len(), 1);
        }
        for status in [307, 308] {
            let server = moved(status);
            let request = server.client().request(method.clone(), "/asked");
            request.json(&["body"]).send().await.unwrap();
            let received = server.received();
            assert_eq!(received[1].method, method.as_str());
            assert_eq!(received[1].body, r#"["body"]"#);
        }
    }
}
