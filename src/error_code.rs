//! The stable codes of Neo's error responses.

use neo_client_runtime::Error;
use neo_client_runtime::codegen::open_enum;

open_enum! {
    /// The stable error code of an error response. Branch on the code, not on the message.
    ///
    /// A code that this version does not know is kept as `Unknown`.
    ///
    /// ```
    /// use neo_client::ErrorCode;
    ///
    /// assert_eq!(ErrorCode::from("forbidden"), ErrorCode::Forbidden);
    /// assert_eq!(ErrorCode::from("brand_new").as_str(), "brand_new");
    /// ```
    pub enum ErrorCode {
        /// The user's spending cap is reached.
        UserSpendingCapReached = "user_spending_cap_reached",
        /// The project's spending cap is reached.
        ProjectSpendingCapReached = "project_spending_cap_reached",
        /// The account has too few credits.
        InsufficientNeoCredits = "insufficient_neo_credits",
        /// The caller lacks the permission.
        Forbidden = "forbidden",
        /// The request is invalid.
        InvalidRequest = "invalid_request",
        /// The resource does not exist.
        NotExists = "not_exists",
        /// The resource already exists.
        AlreadyExists = "already_exists",
    }
}

impl ErrorCode {
    /// Returns the code of an error, if it is an error response that has one.
    ///
    /// ```
    /// # async fn show(neo: neo_client::Client) -> Result<(), neo_client::Error> {
    /// use neo_client::ErrorCode;
    ///
    /// match neo.billing().get_credit_balance().await {
    ///     Ok(balance) => println!("{} credits left", balance.available_credits),
    ///     Err(e) if ErrorCode::of(&e) == Some(ErrorCode::InsufficientNeoCredits) => println!("none left"),
    ///     Err(e) if e.is_retryable() => println!("later, after {:?}: {e}", e.retry_after()),
    ///     Err(e) => return Err(e),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn of(error: &Error) -> Option<Self> {
        error.code().map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorCode;

    #[test]
    fn error_codes_are_those_of_the_overlay() {
        for code in crate::API.error_body.known_codes {
            assert!(ErrorCode::from(*code).is_known(), "{code}");
        }
        assert_eq!(crate::API.error_body.known_codes.len(), 7);
    }
}
