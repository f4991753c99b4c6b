//! Code as users write it, with `neo-client` and `tokio` and no other crate: if a type of the
//! public API cannot be named from here, a re-export is missing.

use neo_client::types::{BillingPurchaseRequest, TaskDetailsResponse};
use neo_client::{Client, Error, ErrorCode};

/// Credits left, and credits issued.
///
/// # Errors
///
/// As the call.
pub async fn balance(neo: &Client) -> Result<(f64, f64), Error> {
    let balance = neo.billing().get_credit_balance().await?;
    Ok((balance.available_credits, balance.issued_credits))
}

/// The models of the latest fifty tasks.
///
/// # Errors
///
/// As the call.
pub async fn models(neo: &Client) -> Result<Vec<String>, Error> {
    let runs = neo.usage().list_all_task_usages().limit(50).await?;
    Ok(runs
        .data
        .into_iter()
        .flatten()
        .map(|run| run.model)
        .collect())
}

/// The details of one task.
///
/// # Errors
///
/// As the call.
pub async fn details(neo: &Client, id: &str) -> Result<TaskDetailsResponse, Error> {
    neo.tasks().get_task_details(id).await
}

/// The result of a purchase.
#[derive(Debug, PartialEq, Eq)]
pub enum Purchase {
    /// The cap of the user stands in the way.
    Capped,
    /// It may work later.
    Later,
    /// Done; the price as text.
    Priced(String),
    /// It cannot work.
    Refused,
}

/// Asks for the price of an order.
pub async fn purchase(neo: &Client, order: BillingPurchaseRequest) -> Purchase {
    match neo.billing().purchase_credits(order).await {
        Err(e) if ErrorCode::of(&e) == Some(ErrorCode::UserSpendingCapReached) => Purchase::Capped,
        Err(e) if e.is_retryable() => Purchase::Later,
        Ok(response) => Purchase::Priced(response.amount_display),
        Err(_) => Purchase::Refused,
    }
}
