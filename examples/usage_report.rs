//! Prints the credits that tasks used, for each day, as a chart.
//!
//! ```text
//! cargo run --example usage_report                                   # a mock server on this machine
//! NEO_API_KEY=neo_sk_… cargo run --example usage_report              # your account, the last 7 days
//! NEO_API_KEY=neo_sk_… cargo run --example usage_report -- 2026-03-01T00:00:00Z jane@example.com
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};

use neo_client::chrono::{Days, NaiveDate, Utc};
use neo_client::mock::MockServer;
use neo_client::serde_json::json;
use neo_client::{Client, ErrorKind};

/// The length of the longest bar.
const WIDTH: f64 = 40.0;

/// The usage to report.
#[derive(Default)]
pub struct Selection {
    /// The beginning, in RFC 3339.
    pub from: Option<String>,
    /// The user.
    pub email: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let week_ago = Utc::now().checked_sub_days(Days::new(7));
    let selection = Selection {
        from: arguments.next().or(week_ago.map(|time| time.to_rfc3339())),
        email: arguments.next(),
    };
    match Client::from_env() {
        Ok(neo) => report(&neo, &selection, io::stdout()).await,
        Err(error) => {
            let server = mock().await?;
            eprintln!("{error}\nAsking a mock server at {}\n", server.base_url());
            report(&server.client(), &selection, io::stdout()).await
        }
    }
}

/// Writes the report to `out`.
pub async fn report(
    neo: &Client,
    selection: &Selection,
    mut out: impl Write,
) -> Result<(), Box<dyn Error>> {
    let mut records = neo
        .usage()
        .list_all_task_usages()
        .maybe(selection.from.as_ref(), |it, from| it.from(from))
        .maybe(selection.email.as_ref(), |it, email| it.email(email))
        .items()
        .max_pages(100);
    let mut days: BTreeMap<NaiveDate, f64> = BTreeMap::new();
    let mut tasks = 0;
    while let Some(record) = records.next_item().await {
        match record {
            Ok(record) => {
                tasks += 1;
                let day = days.entry(record.created_at.date_naive()).or_default();
                *day += record.neo_credits.unwrap_or_default();
            }
            Err(error) if error.kind() == ErrorKind::Decode => eprintln!("left out: {error}"),
            Err(error) => return Err(error.into()),
        }
    }
    let most = days.values().copied().fold(0.0, f64::max);
    for (day, credits) in &days {
        let length = if most > 0.0 {
            credits / most * WIDTH
        } else {
            0.0
        };
        let bar = "█".repeat(length.round() as usize);
        writeln!(out, "{day}  {credits:>10.2}  {bar}")?;
    }
    let total: f64 = days.values().sum();
    writeln!(out, "{tasks} tasks used {total:.2} credits.")?;
    Ok(())
}

/// Starts a mock server with the usage of three days, in pages of two tasks.
pub async fn mock() -> Result<MockServer, Box<dyn Error>> {
    let server = MockServer::start().await?;
    let record = |day: u32, credits: f64| {
        json!({
            "task_id": format!("t-{day}-{credits}"), "model": "neo", "status": "completed",
            "created_at": format!("2026-03-{day:02}T10:00:00Z"), "neo_credits": credits,
            "agent_triggers": 1, "step_count": 9, "tool_calls": 5,
        })
    };
    let records = [
        record(1, 12.5),
        record(1, 7.5),
        record(2, 40.0),
        record(3, 10.0),
        record(3, 0.0),
    ];
    server.respond_pages("usage.list_all_task_usages", records, 2)?;
    Ok(server)
}
