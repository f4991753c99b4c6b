//! Redirects: within the origin, with everything that was asked; nowhere else, and then without a word of the credential.

use neo_client::{Client, ErrorKind, Method};

use crate::faults::fault::{Fault, later};
use crate::faults::scene::{balance, balance_error, client, ends, in_turn, purchase, quick, send};
use crate::server::{BALANCE, CREDITS, KEY, Received, Server, json, reply};

fn to(status: u16, location: &str) -> Vec<u8> {
    reply(status, &[&format!("location: {location}")], "moved")
}

/// A client for each header that a credential can be in.
fn both(server: &Server) -> [Client; 2] {
    let builder = || server.builder().retry_policy(quick());
    let clients = [builder().api_key(KEY), builder().bearer_token(KEY)];
    clients.map(|client| client.build().unwrap())
}

/// The server sends clients to `location` with `statuses`, where they must not go.
async fn is_refused(statuses: &[u16], location: &str, named: &str) {
    for status in statuses.iter().copied() {
        let server = Server::always(to(status, location));
        for client in both(&server) {
            let error = balance_error(&client).await;
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
async fn another_host_and_another_port_get_nothing() {
    let other = Server::always(json(200, BALANCE));
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
async fn another_scheme_on_the_same_port() {
    let server = Server::start(|request: &Received| {
        let host = request.header("host").unwrap();
        to(307, &format!("https://{host}/x"))
    });
    let error = balance_error(&client(&server)).await;
    assert_eq!(error.kind(), ErrorKind::Redirect);
    let target = server.url().replace("http", "https");
    assert!(error.to_string().contains(&target), "{error}");
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn a_purchase_is_not_carried_to_another_origin() {
    let other = Server::always(json(200, "{}"));
    for status in [301, 302, 303, 307, 308] {
        let server = Server::always(to(status, &format!("{}/x", other.url())));
        let error = purchase(&client(&server)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect);
        assert_eq!(server.received().len(), 1);
    }
    assert_eq!(other.accepted(), 0);
}

#[tokio::test]
async fn within_the_origin_by_each_spelling() {
    for location in ["/moved", "moved", "./x/../moved", "?moved"] {
        let location = location.to_owned();
        let server = Server::start(move |request| match request.target.contains("moved") {
            true => json(200, BALANCE),
            false => to(302, &location),
        });
        for client in both(&server) {
            balance(&client).await.unwrap();
        }
        for request in server.received() {
            assert!(request.holds(KEY));
        }
    }
    let server = Server::start(|request| match request.target.as_str() {
        CREDITS => to(
            302,
            &format!("http://{}/moved", request.header("host").unwrap()),
        ),
        _ => json(200, BALANCE),
    });
    balance(&client(&server)).await.unwrap();
}

#[tokio::test]
async fn method_body_and_headers_are_kept_on_307_and_308() {
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
async fn a_post_is_not_turned_into_a_get() {
    for status in [301, 302, 303] {
        let server = in_turn([to(status, "/moved"), json(200, "{}")]);
        let error = purchase(&client(&server)).await.unwrap_err();
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
async fn a_loop_ends() {
    let server = Server::start(|request| to(302, &request.target));
    let error = balance_error(&client(&server)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Redirect, 1));
    assert!(error.to_string().contains("more than 5 times"), "{error}");
    assert_eq!(error.status().unwrap(), 302);
    assert_eq!(server.received().len(), 6);
}

#[tokio::test]
async fn five_are_followed() {
    let hops = (1..=5).map(|hop| to(302, &format!("/{hop}")));
    let server = in_turn(hops.chain([json(200, BALANCE)]));
    balance(&client(&server)).await.unwrap();
    assert_eq!(server.received().len(), 6);
}

#[tokio::test]
async fn a_redirect_without_a_place_to_go_to() {
    for location in ["", "http://", "http://[", "http://a:99999/"] {
        let server = Server::always(to(302, location));
        match balance(&client(&server)).await {
            // An empty one is the same place again.
            Err(error) if error.kind() == ErrorKind::Redirect => {
                assert!(error.to_string().contains("more than 5 times"), "{error}");
            }
            other => assert_eq!(other.unwrap_err().kind(), ErrorKind::Api, "{location}"),
        }
    }
    for status in [300, 304, 305, 306] {
        let server = Server::always(to(status, "/moved"));
        let error = balance_error(&client(&server)).await;
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn what_fails_after_a_redirect_is_repeated_from_the_beginning() {
    let server = in_turn([to(307, "/moved"), later(503, "0"), json(200, BALANCE)]);
    balance(&client(&server)).await.unwrap();
    let targets: Vec<_> = server.received().into_iter().map(|it| it.target).collect();
    assert_eq!(targets, [CREDITS, "/moved", CREDITS]);
}

#[tokio::test]
async fn what_breaks_before_a_redirect_is_repeated() {
    let server = Fault::ResetAfterRead.first(1, to(307, "https://evil.example/"));
    let error = send(&client(&server), Method::GET).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Redirect, 2));
}
