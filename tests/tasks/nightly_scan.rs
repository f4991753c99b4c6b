//! The example `nightly_scan`.

#[allow(dead_code)]
#[path = "../../examples/nightly_scan.rs"]
mod example;

use std::future::{pending, ready};
use std::time::Duration;

use example::{Found, Scan};
use neo_client::{Error, ErrorKind, Outcome};

const LONG: Duration = Duration::from_secs(600);

#[tokio::test]
async fn example_scan_approves_and_lists_issues() {
    let server = example::mock().await.unwrap();
    let mut out = Vec::new();
    let scan = Scan::Attach("67e55044-10b1-426f-9247-bb680e5fe0c8");
    let neo = server.client();
    let found = example::run(&neo, scan, LONG, pending(), &mut out);
    let found = found.await.unwrap();
    assert_eq!((found.outcome, found.code()), (Outcome::Succeeded, 2));
    let text = String::from_utf8(out).unwrap();
    for line in [
        "blocked",
        "high       SQL injection in /search",
        "Succeeded with 2 issues",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let requests = server.requests();
    let approvals = requests.iter().filter(|it| it.path().ends_with("/approve"));
    assert_eq!(approvals.count(), 1);
}

#[tokio::test]
async fn example_scan_interrupted_aborts_what_runs() {
    let server = example::mock().await.unwrap();
    let scan = Scan::Start("scan example.com");
    let interrupt = ready(Ok(()));
    let neo = server.client();
    let found = example::run(&neo, scan, LONG, interrupt, Vec::new());
    let error = found.await.err().unwrap().downcast::<Error>().unwrap();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let requests = server.requests();
    assert!(
        requests
            .iter()
            .any(|it| it.path().ends_with("/agent-audit-log"))
    );
}

#[test]
fn exit_code_tells_the_worst_severity() {
    let code = |outcome, severities: &[&str]| {
        let severities = severities.iter().map(|it| (*it).to_owned()).collect();
        Found {
            outcome,
            severities,
        }
        .code()
    };
    assert_eq!(code(Outcome::Succeeded, &[]), 0);
    assert_eq!(code(Outcome::Succeeded, &["low"]), 1);
    assert_eq!(code(Outcome::Succeeded, &["low", "critical"]), 2);
    assert_eq!(code(Outcome::Failed, &[]), 3);
}
