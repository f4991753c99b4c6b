//! An HTTP client of the caller that follows redirects, or does not.

use neo_client_runtime::{ErrorKind, Method};

use crate::support::clients::{KEY, STOCK};
use crate::support::server::{Received, Server, json, response};

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
