//! Reads the credit balance and prints a small summary.
//!
//! ```text
//! cargo run --example credits                      # a mock server on this machine
//! NEO_API_KEY=neo_sk_… cargo run --example credits # your account
//! ```

use std::env;
use std::process::ExitCode;

use neo_client::chrono::{DateTime, TimeDelta, Utc};
use neo_client::mock::MockServer;
use neo_client::serde_json::{Value, json};
use neo_client::types::{BillingCreditsResponse, BillingPaymentMethod};
use neo_client::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(summary) => {
            print!("{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            // The alternate form includes the causes, on one line.
            eprintln!("credits: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<String, Box<dyn std::error::Error>> {
    let has_credentials = ["NEO_API_KEY", "NEO_BEARER_TOKEN"]
        .iter()
        .any(|name| env::var_os(name).is_some());
    let balance = if has_credentials {
        read(&Client::from_env()?).await?
    } else {
        let server = MockServer::start().await?;
        server.respond("billing.get_credit_balance", 200, sample())?;
        eprintln!(
            "NEO_API_KEY is not set: asking a mock server at {}\n",
            server.base_url()
        );
        read(&server.client()).await?
    };
    Ok(summary(&balance, Utc::now()))
}

async fn read(neo: &Client) -> Result<BillingCreditsResponse, Error> {
    neo.billing().get_credit_balance().await
}

/// Scripts the mock server: an account with something to show.
fn sample() -> Value {
    json!({
        "resource_type": "team",
        "available_credits": 1_250.5,
        "used_credits": 749.5,
        "issued_credits": 2_000,
        "expires_at": Utc::now() + TimeDelta::days(123),
        "has_payment_method": true,
        "payment_methods": [
            { "brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2028, "is_default": true },
            { "brand": "mastercard", "last4": "4444", "exp_month": 11, "exp_year": 2027 },
        ],
    })
}

fn summary(balance: &BillingCreditsResponse, now: DateTime<Utc>) -> String {
    let owner = match &balance.resource_type {
        Some(owner) => format!(" of your {} account", printable(owner.as_str())),
        None => String::new(),
    };
    let mut text = format!("Neo credits{owner}\n\n");
    let mut line = |label: &str, value: String| text.push_str(&format!("  {label:<10} {value}\n"));

    line(
        "available",
        format!("{:>12}", credits(balance.available_credits)),
    );
    line(
        "used",
        format!("{:>12}  {}", credits(balance.used_credits), bar(balance)),
    );
    line("issued", format!("{:>12}", credits(balance.issued_credits)));
    if let Some(expiry) = balance.expires_at {
        line(
            "expires",
            format!(
                "{} ({})",
                days((expiry.date_naive() - now.date_naive()).num_days()),
                expiry.format("%Y-%m-%d")
            ),
        );
    }
    for (index, method) in balance.payment_methods.iter().flatten().enumerate() {
        line(if index == 0 { "pay by" } else { "" }, card(method));
    }
    text
}

/// Formats credits with two decimals and a comma every three digits.
fn credits(amount: f64) -> String {
    let text = format!("{:.2}", amount.abs());
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if amount < 0.0 { "-" } else { "" };
    format!("{sign}{grouped}.{cents}")
}

fn bar(balance: &BillingCreditsResponse) -> String {
    const WIDTH: usize = 24;
    if balance.issued_credits <= 0.0 {
        return String::new();
    }
    let share = (balance.used_credits / balance.issued_credits).clamp(0.0, 1.0);
    let filled = (share * WIDTH as f64).round() as usize;
    let (used, left) = ("█".repeat(filled), "░".repeat(WIDTH - filled));
    format!("{used}{left} {:.0} %", share * 100.0)
}

fn days(left: i64) -> String {
    match left {
        ..0 => format!("{} days ago", -left),
        0 => "today".to_owned(),
        1 => "in 1 day".to_owned(),
        _ => format!("in {left} days"),
    }
}

/// Formats a payment method by its brand, expiry and last four digits; nothing else should be
/// shown.
fn card(method: &BillingPaymentMethod) -> String {
    let brand = printable(method.brand.as_deref().unwrap_or("card"));
    let number = printable(method.last4.as_deref().unwrap_or("????"));
    // Never show a complete card number, even if the server sends one.
    let hidden = number.chars().count().saturating_sub(4);
    let last4: String = number.chars().skip(hidden).collect();
    let mut text = format!("{brand} ···· {last4}");
    if let (Some(month), Some(year)) = (method.exp_month, method.exp_year) {
        text.push_str(&format!(", until {month:02}/{year}"));
    }
    if method.is_default == Some(true) {
        text.push_str(" (default)");
    }
    text
}

/// Returns text of the server without characters that could control a terminal.
fn printable(text: &str) -> String {
    text.chars().filter(|it| !it.is_control()).collect()
}
