//! Every operation of the API, called once over real HTTP: by its generated method, and by its path.
//!
//! An operation that is new in the document fails these tests until it has its line in
//! `every_method_makes_its_request`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::collections::{BTreeMap, BTreeSet};

use neo_client::mock::{MockServer, RecordedRequest};
use neo_client::{Client, OPERATIONS, Operation, ResponseKind, types};
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION};
use serde_json::{Value, json};

/// An id that is good for every path parameter, also where a UUID is asked for.
const ID: &str = "0198a3f2-7c4e-7d1a-9b52-3e6f8a1c2d40";

/// Awaits calls one after another; a failure names the call.
macro_rules! await_each {
    ($($call:expr;)*) => {
        $(
            if let Err(error) = $call.await {
                panic!("{}: {error}", stringify!($call));
            }
        )*
    };
}

#[tokio::test]
async fn every_method_makes_its_request() {
    let server = MockServer::start().await.unwrap();
    let neo = server.client();
    await_each! {
        neo.agents().update_user_agent(ID, types::AgentUserUpdateRequest::builder().name("scout"));
        neo.api_keys().get_api_key();
    }
    await_each! {
        neo.billing().get_credit_balance();
        neo.billing().list_billing_invoices();
        neo.billing().purchase_credits(
            types::BillingPurchaseRequest::builder().action("estimate").credits(100.0));
        neo.billing().get_subscription_billing_overview();
        neo.billing().cancel_a_subscription();
        neo.billing().start_or_estimate_a_subscription(
            types::BillingSubscriptionCheckoutRequest::builder()
                .action("estimate").credits_per_user(500).interval("month").seats(3));
        neo.billing().clear_pending_subscription_changes();
        neo.billing().preview_a_subscription_change();
        neo.billing().buy_extra_credits_on_an_active_subscription(
            types::BillingSubscriptionTopupRequest::builder().action("estimate").credits(100.0));
    }
    await_each! {
        neo.byok().list_byok_provider_keys();
        neo.byok().create_or_update_a_byok_provider_key(
            "anthropic", types::ByokProviderKeyRequest::builder().api_key("k"));
        neo.byok().delete_a_byok_provider_key("openai");
        neo.byok().validate_a_byok_provider_key(
            "google", types::ByokValidateRequest::builder().api_key("k"));
        neo.files().list_user_files();
        neo.github().claim_github_installation(
            types::GithubInstallationClaimRequest::builder().installation_id(42));
        neo.github().get_repository_configuration(ID);
        neo.github().update_repository_configuration(ID);
        neo.github().get_review_metadata();
        neo.issues().list_issues();
        neo.memory().get_global_working_memory();
        neo.memory().create_task_working_memory(ID, types::MemoryTaskCreateRequest::builder());
        neo.memory().get_task_working_memory(ID);
    }
    await_each! {
        neo.projects().create_project();
        neo.projects().list_projects();
        neo.projects().update_project(ID);
        neo.projects().set_a_projects_spending_cap(
            ID, types::ProjectSpendingCapRequest::builder().spending_cap_usd(25.0));
        neo.projects().clear_a_projects_spending_cap(ID);
        neo.schedules().create_schedule(
            types::ScheduleCreateRequest::builder().task_message("scan example.com"));
        neo.schedules().get_schedule(ID);
        neo.schedules().update_schedule(ID, types::ScheduleUpdateRequest::builder().name("weekly"));
        neo.secrets().list_secrets();
        neo.secrets().create_secret(types::SecretCreateRequest::builder().name("TOKEN").value("v"));
        neo.secrets().update_secret_metadata(
            ID, types::SecretUpdateRequest::builder().default_available(true));
        neo.slack().claim_pending_slack_installation(
            types::SlackClaimInstallationRequest::builder().setup_token("t"));
        neo.slack().get_slack_installation_status();
        neo.ssh_keys().generate_ssh_key_pair(types::SshKeyCreateRequest::builder().name("deploy"));
        neo.ssh_keys().get_ssh_key(ID);
        neo.ssh_keys().update_ssh_key(ID, types::SshKeyUpdateRequest::builder().default_port(22));
    }
    await_each! {
        neo.tasks().create_task(types::TaskCreateRequest::builder().task("scan example.com"));
        neo.tasks().create_task_stream(types::TaskCreateRequest::builder().task("scan example.com"));
        neo.tasks().list_tasks();
        neo.tasks().get_task_details(ID);
        neo.tasks().abort_a_single_subagent_run_or_tool_call(
            ID, types::TaskAbortToolsRequest::builder().tool_call_id("call_1"));
        neo.tasks().get_agent_audit_log(ID);
        neo.tasks().approve_or_decline_a_suspended_tool_call(
            ID, types::TaskApprovalRequest::builder().decision("approve"));
        neo.tasks().get_task_artifacts(ID);
        neo.tasks().get_shared_task(ID);
    }
    await_each! {
        neo.teams().update_team(types::TeamUpdateRequest::builder().name("Red"));
        neo.teams().set_or_clear_the_team_wide_default_spending_cap(
            types::TeamSetDefaultSpendingCapRequest::builder().default_spending_cap_usd(25.0));
        neo.teams().accept_invitation(types::TeamAcceptInvitationRequest::builder().invite_token("t"));
        neo.teams().list_team_members();
        neo.teams().set_a_team_members_spending_cap(
            types::TeamSetMemberCapRequest::builder()
                .email("ada@example.com").spending_cap_usd(25.0));
        neo.teams().invite_member(
            types::TeamInviteMemberRequest::builder().email("ada@example.com"));
        neo.teams().update_member_role(
            types::TeamUpdateMemberRoleRequest::builder().email("ada@example.com").role("viewer"));
        neo.usage().list_all_stream_usages();
        neo.usage().get_overall_usage_summary();
        neo.usage().list_all_task_usages();
        neo.usage().get_task_usage_by_id(ID);
        neo.user().get_current_user();
    }

    let requests = server.requests();
    assert_eq!(
        ids(&requests),
        sorted(OPERATIONS.iter().map(|operation| operation.id))
    );
    for request in &requests {
        let operation = operation_of(request);
        assert_reached(request, operation);
        let headers = request.headers();
        assert_eq!(
            headers.contains_key("x-api-key"),
            !operation.security.is_empty(),
            "{}",
            operation.name
        );
        assert!(!headers.contains_key(AUTHORIZATION), "{}", operation.name);
    }
    let accepting = |media_type: &str| {
        let of_type = |request: &&RecordedRequest| request.headers()[ACCEPT] == media_type;
        requests.iter().filter(of_type).count()
    };
    let replying = |reply| {
        OPERATIONS
            .iter()
            .filter(|operation| operation.response == reply)
            .count()
    };
    assert_eq!(
        accepting("text/event-stream"),
        replying(ResponseKind::EventStream)
    );
    assert_eq!(accepting("application/json"), replying(ResponseKind::Json));
}

#[tokio::test]
async fn every_operation_is_requested_by_path() {
    let server = MockServer::start().await.unwrap();
    let builder = Client::builder().bearer_token("token-of-a-test");
    let neo = builder.base_url(server.base_url()).build().unwrap();
    for operation in OPERATIONS {
        let request = neo.request(operation.method.clone(), filled(operation.path));
        let request = match operation.method {
            Method::GET | Method::DELETE => request,
            _ => request.json(&json!({})),
        };
        if let Err(error) = request.send_as::<Value>().await {
            panic!("{}: {error}", operation.name);
        }
    }
    let requests = server.requests();
    assert_eq!(
        ids(&requests),
        sorted(OPERATIONS.iter().map(|operation| operation.id))
    );
    for (request, operation) in requests.iter().zip(OPERATIONS) {
        assert_reached(request, operation);
        let token = request.headers().get(AUTHORIZATION);
        let expected = (!operation.security.is_empty()).then_some("Bearer token-of-a-test");
        assert_eq!(
            token.map(|it| it.to_str().unwrap()),
            expected,
            "{}",
            operation.name
        );
        assert!(
            !request.headers().contains_key("x-api-key"),
            "{}",
            operation.name
        );
    }
}

#[test]
fn operations_table_is_complete() {
    let document: Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
    let mut documented = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if let Some(id) = operation["operationId"].as_str() {
                let asks = operation["security"]
                    .as_array()
                    .is_some_and(|security| !security.is_empty());
                documented.insert(id, (method.to_uppercase(), path.as_str(), asks));
            }
        }
    }
    let listed = OPERATIONS.iter().map(|operation| {
        let method = operation.method.as_str().to_owned();
        (
            operation.id,
            (method, operation.path, !operation.security.is_empty()),
        )
    });
    assert_eq!(listed.collect::<BTreeMap<_, _>>(), documented);
    let names: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
    assert_eq!(
        names.len(),
        OPERATIONS.len(),
        "a name is the path of one call"
    );
}

/// The template with [`ID`] for each parameter.
fn filled(template: &str) -> String {
    let fill = |segment| {
        if str::starts_with(segment, '{') {
            ID
        } else {
            segment
        }
    };
    template.split('/').map(fill).collect::<Vec<_>>().join("/")
}

fn sorted<'t>(ids: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut ids: Vec<_> = ids.collect();
    ids.sort_unstable();
    ids
}

/// The operation ids that were reached, each as often as it was.
fn ids(requests: &[RecordedRequest]) -> Vec<&str> {
    sorted(requests.iter().filter_map(RecordedRequest::operation_id))
}

/// The operation of a request; of two that share an id, the one that accepts the same response.
fn operation_of(request: &RecordedRequest) -> &'static Operation {
    let streams = request
        .headers()
        .get(ACCEPT)
        .is_some_and(|accept| accept == "text/event-stream");
    let id = request.operation_id().unwrap();
    let mut of_id = OPERATIONS.iter().filter(|operation| operation.id == id);
    of_id
        .find(|operation| (operation.response == ResponseKind::EventStream) == streams)
        .unwrap()
}

/// The request has the operation's method, and a path of its template.
#[track_caller]
fn assert_reached(request: &RecordedRequest, operation: &Operation) {
    assert_eq!(request.method(), operation.method, "{}", operation.name);
    let segments = request.path().split('/').zip(operation.path.split('/'));
    let alike = |(segment, of_template): (&str, &str)| match of_template.starts_with('{') {
        true => !segment.is_empty(),
        false => segment == of_template,
    };
    let same_length = request.path().matches('/').count() == operation.path.matches('/').count();
    assert!(
        same_length && { segments }.all(alike),
        "{} {}",
        operation.name,
        request.path()
    );
}
