//! The waits before an event stream is requested again.

use std::time::Duration;

use super::RetryPolicy;

impl RetryPolicy {
    /// Returns the wait before an event stream is requested again, after `fruitless` consecutive
    /// connections without an event. `asked` is the minimum that the server wants.
    pub(crate) fn wait_to_reconnect(&self, fruitless: u32, asked: Option<Duration>) -> Duration {
        let drawn = match fruitless.checked_sub(1) {
            Some(repetitions) => self.draw(repetitions),
            None => Duration::ZERO,
        };
        drawn.max(asked.unwrap_or_default().min(self.max_retry_after))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn stream_reconnects_after_server_wait_up_to_limit() {
        let policy = RetryPolicy::default().max_retry_after(20 * SECOND);
        assert_eq!(policy.wait_to_reconnect(0, None), Duration::ZERO);
        assert_eq!(policy.wait_to_reconnect(0, Some(3 * SECOND)), 3 * SECOND);
        let longest = policy.wait_to_reconnect(9, Some(Duration::MAX));
        assert_eq!(longest, 20 * SECOND);
        assert!((0..100).any(|_| policy.wait_to_reconnect(1, None) > Duration::ZERO));
    }
}
