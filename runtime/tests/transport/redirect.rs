//! Redirects: followed within the origin with the whole request, rejected elsewhere without showing
//! the credential.

use neo_client_fixture::Client;
use neo_client_runtime::{ErrorKind, Method};

use crate::support::calls::{
    client, ends, in_turn, place_order, quick, send, stock_error, stock_level,
};
use crate::support::clients::{KEY, STOCK, STOCK_PATH};
use crate::support::connection_fault::{ConnectionFault, later};
use crate::support::server::{Received, Server, json, response};

fn to(status: u16, location: &str) -> Vec<u8> {
    response(status, &[&format!("location: {location}")], "moved")
}

/// Returns a client for each header that can hold a credential.
fn both(server: &Server) -> [Client; 2] {
    let builder = || server.builder().retry_policy(quick());
    let clients = [builder().depot_key(KEY), builder().staff_token(KEY)];
    clients.map(|client| client.build().unwrap())
}

/// Asserts that a redirect to `location` is rejected with an error that contains `named`.
async fn is_refused(statuses: &[u16], location: &str, named: &str) {
    for status in statuses.iter().copied() {
        let server = Server::always(to(status, location));
        for client in both(&server) {
            let error = stock_error(&client).await;
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Redirect, 1));
            assert_eq!(error.status().unwrap(), status);
            assert!(error.to_string().contains(named), "{error}");
            assert!(
                !format!("{error:#} {error:?}").contains("canary"),
                "{error:?}"
            );
        }
        assert_eq!(server.received().len(), 2);
    }
}

#[tokio::test]
async fn redirect_to_other_host_or_port_is_rejected() {
    let other = Server::always(json(200, STOCK));
    let port = other.url().rsplit_once(':').unwrap().1.to_owned();
    let elsewhere = format!("{}/?canary#canary", other.url());
    is_refused(&[301, 302, 303, 307, 308], &elsewhere, &other.url()).await;
    is_refused(
        &[307],
        &format!("http://user:canary@127.0.0.1:{port}/"),
        &other.url(),
    )
    .await;
    is_refused(&[307], &format!("//127.0.0.1:{port}/x"), &other.url()).await;
    let localhost = format!("http://localhost:{port}");
    is_refused(&[307], &format!("{localhost}/x"), &localhost).await;
    is_refused(
        &[302],
        "https://evil.example/canary",
        "https://evil.example",
    )
    .await;
    assert_eq!(other.accepted(), 0);
}

#[tokio::test]
async fn redirect_to_other_scheme_is_rejected() {
    let server = Server::start(|request: &Received| {
        let host = request.header("host").unwrap();
        to(307, &format!("https://{host}/x"))
    });
    let error = stock_error(&client(&server)).await;
    assert_eq!(error.kind(), ErrorKind::Redirect);
    let target = server.url().replace("http", "https");
    assert!(error.to_string().contains(&target), "{error}");
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn redirect_of_order_to_other_origin_is_rejected() {
    let other = Server::always(json(200, "{}"));
    for status in [301, 302, 303, 307, 308] {
        let server = Server::always(to(status, &format!("{}/x", other.url())));
        let error = place_order(&client(&server)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect);
        assert_eq!(server.received().len(), 1);
    }
    assert_eq!(other.accepted(), 0);
}

#[tokio::test]
async fn redirect_within_origin_in_any_spelling_is_followed() {
    for location in ["/moved", "moved", "./x/../moved", "?moved"] {
        let location = location.to_owned();
        let server = Server::start(move |request| match request.target.contains("moved") {
            true => json(200, STOCK),
            false => to(302, &location),
        });
        for client in both(&server) {
            stock_level(&client).await.unwrap();
        }
        for request in server.received() {
            assert!(request.holds(KEY));
        }
    }
    let server = Server::start(|request| match request.target.as_str() {
        STOCK_PATH => to(
            302,
            &format!("http://{}/moved", request.header("host").unwrap()),
        ),
        _ => json(200, STOCK),
    });
    stock_level(&client(&server)).await.unwrap();
}

#[tokio::test]
async fn redirect_307_and_308_keep_method_body_headers() {
    for status in [307, 308] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let server = in_turn([to(status, "/moved"), json(200, "{}")]);
            let request = client(&server)
                .request(method.clone(), "/x")
                .json(&["body"]);
            ends(request.header("x-a", "b").send()).await.unwrap();
            let received = server.received();
            assert_eq!((received[1].target.as_str(), received.len()), ("/moved", 2));
            assert_eq!(received[1].method, method.as_str());
            assert_eq!(received[1].body, r#"["body"]"#);
            assert_eq!(received[1].header("x-a"), Some("b"));
        }
    }
}

#[tokio::test]
async fn redirect_that_turns_post_into_get_is_rejected() {
    for status in [301, 302, 303] {
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            let server = in_turn([to(status, "/moved"), json(200, "{}")]);
            let error = send(&client(&server), method).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Redirect);
            assert!(error.to_string().contains("into a GET"), "{error}");
            assert_eq!(server.received().len(), 1);
        }
        let server = in_turn([to(status, "/moved"), json(200, "{}")]);
        let error = place_order(&client(&server)).await.unwrap_err();
        assert_eq!(
            (error.kind(), server.received().len()),
            (ErrorKind::Redirect, 1)
        );
        assert!(
            error.to_string().contains("turn the POST into a GET"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn redirect_loop_ends() {
    let server = Server::start(|request| to(302, &request.target));
    let error = stock_error(&client(&server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Redirect, 1));
    assert!(error.to_string().contains("more than 5 times"), "{error}");
    assert_eq!(error.status().unwrap(), 302);
    assert_eq!(server.received().len(), 6);
}

#[tokio::test]
async fn redirect_chain_of_five_is_followed() {
    let hops = (1..=5).map(|hop| to(302, &format!("/{hop}")));
    let server = in_turn(hops.chain([json(200, STOCK)]));
    stock_level(&client(&server)).await.unwrap();
    assert_eq!(server.received().len(), 6);
}

#[tokio::test]
async fn redirect_without_valid_location_is_an_error() {
    for location in ["", "http://", "http://[", "http://a:99999/"] {
        let server = Server::always(to(302, location));
        match stock_level(&client(&server)).await {
            // An empty location is the same URL again.
            Err(error) if error.kind() == ErrorKind::Redirect => {
                assert!(error.to_string().contains("more than 5 times"), "{error}");
            }
            other => assert_eq!(other.unwrap_err().kind(), ErrorKind::Api, "{location}"),
        }
    }
    let missing = Server::always(response(302, &[], "gone"));
    let error = stock_error(&client(&missing)).await;
    assert_eq!(error.api().unwrap().excerpt(), Some("gone"));
    for location in ["javascript:alert(1)", "\\\\evil.example/x"] {
        let server = Server::always(to(302, location));
        assert_eq!(
            stock_error(&client(&server)).await.kind(),
            ErrorKind::Redirect
        );
    }
    for status in [300, 304, 305, 306] {
        let server = Server::always(to(status, "/moved"));
        let error = stock_error(&client(&server)).await;
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn redirect_then_failure_restarts_at_first_url() {
    let server = in_turn([to(307, "/moved"), later(503, "0"), json(200, STOCK)]);
    stock_level(&client(&server)).await.unwrap();
    let targets: Vec<_> = server.received().into_iter().map(|it| it.target).collect();
    assert_eq!(targets, [STOCK_PATH, "/moved", STOCK_PATH]);
}

#[tokio::test]
async fn redirect_after_broken_attempt_counts_two() {
    let server = ConnectionFault::ResetAfterRead.first(1, to(307, "https://evil.example/"));
    let error = send(&client(&server), Method::GET).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Redirect, 2));
}

#[tokio::test]
async fn redirect_to_same_host_by_other_name_is_rejected() {
    let server = Server::start(|request| {
        let path = request.target.rsplit_once("/to/").unwrap().1;
        to(307, &path.replace("%3A", ":").replace("%2F", "/"))
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
    for status in [301, 302, 303, 307, 308] {
        let server = Server::start(move |request| match request.target.as_str() {
            "/moved" => json(200, STOCK),
            _ => to(status, "/moved"),
        });
        server.client().stock().get_stock_level().await.unwrap();
        let received = server.received();
        assert_eq!(received[1].target, "/moved");
        assert_eq!(received[1].header("x-depot-key"), Some(KEY));
        assert_eq!(received[1].header("referer"), None);
    }
}
