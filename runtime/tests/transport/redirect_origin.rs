//! Redirects and the origin of the base URL.

use neo_client_runtime::{Error, ErrorKind, Method};

use crate::support::clients::{KEY, STOCK};
use crate::support::server::{Received, Server, json, response};

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

fn redirect(status: u16, location: &str) -> Vec<u8> {
    response(status, &[&format!("location: {location}")], "")
}

/// Redirects to the path in the query of the request, or responds if there is none.
fn follow_me(request: &Received) -> Vec<u8> {
    match request.target.split_once("?to=") {
        Some((_, to)) => redirect(302, to),
        None => json(200, STOCK),
    }
}

#[tokio::test]
async fn redirect_to_other_origin_sends_nothing() {
    let other = Server::always(json(200, STOCK));
    for status in STATUSES {
        let location = format!("{}/api/v1/stock?token=secret#secret", other.url());
        let server = Server::always(redirect(status, &location));
        let bearer = server.builder().staff_token(KEY).build().unwrap();
        for client in [server.client(), bearer] {
            let error = client.stock().get_stock_level().await.unwrap_err();
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
            .request(Method::POST, "/api/v1/jobs")
            .json(&["body"]);
        assert_eq!(post.send().await.unwrap_err().kind(), ErrorKind::Redirect);
    }
    assert!(other.received().is_empty());
}

#[tokio::test]
async fn redirect_to_same_host_by_other_name_is_rejected() {
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
async fn redirect_within_origin_keeps_the_credential() {
    for status in STATUSES {
        let server = Server::start(move |request| match request.target.as_str() {
            "/moved" => json(200, STOCK),
            _ => redirect(status, "/moved"),
        });
        server.client().stock().get_stock_level().await.unwrap();
        let received = server.received();
        assert_eq!(received[1].target, "/moved");
        assert_eq!(received[1].header("x-depot-key"), Some(KEY));
        assert_eq!(received[1].header("referer"), None);
    }
}

#[tokio::test]
async fn redirect_chain_of_six_is_rejected() {
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
async fn redirect_without_location_keeps_status() {
    let missing = Server::always(response(302, &[], "gone"));
    let error = missing
        .client()
        .stock()
        .get_stock_level()
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
        let error = server.client().stock().get_stock_level().await;
        assert_eq!(error.unwrap_err().kind(), kind, "{location}");
    }
}

#[tokio::test]
async fn redirect_by_http_client_is_detected() {
    let other = Server::always(json(200, STOCK));
    let location = format!("{}/x", other.url());
    let server = Server::always(redirect(302, &location));
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let client = server
        .builder()
        .depot_key(KEY)
        .http_client(http)
        .build()
        .unwrap();
    let error = client.stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    let text = error.to_string();
    assert!(
        text.contains(&other.url()) && text.contains("Policy::none()"),
        "{text}"
    );
}

#[tokio::test]
async fn redirect_policy_none_makes_http_client_safe() {
    let other = Server::always(json(200, STOCK));
    let location = format!("{}/x", other.url());
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let server = Server::always(redirect(302, &location));
    let client = server
        .builder()
        .depot_key(KEY)
        .http_client(http.clone())
        .build()
        .unwrap();
    let error = client.stock().get_stock_level().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert!(other.received().is_empty());

    let server = Server::start(follow_me);
    let client = server
        .builder()
        .depot_key(KEY)
        .http_client(http)
        .build()
        .unwrap();
    let request = client.request(Method::GET, "/a").query(&[("to", "here")]);
    request.send().await.unwrap();
}

#[tokio::test]
async fn redirect_never_changes_method_or_body() {
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
