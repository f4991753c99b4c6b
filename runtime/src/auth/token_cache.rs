//! Caches the credential of a provider. One caller at a time renews it, shortly before it expires.

use std::error::Error as StdError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use crate::auth::credential::Credential;
use crate::auth::provider::Provider;
use crate::error::BoxError;

/// How long before its end a credential is renewed: the request must still reach the server.
const MARGIN: Duration = Duration::from_secs(30);

/// The maximum duration of an early renewal. The caller has a valid credential and should not wait
/// for long.
const EARLY_LIMIT: Duration = Duration::from_secs(5);

/// The pause after an early renewal began or failed, before another one is tried.
const EARLY_PAUSE: Duration = Duration::from_secs(5);

pub(crate) struct TokenCache {
    provider: Box<dyn Provider>,
    /// Held while the provider works. If the caller is dropped, the lock is released, and the next
    /// caller asks.
    turn: tokio::sync::Mutex<()>,
    /// Locked for a moment only, never while the provider works.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Option<Kept>,
    /// The number of credentials that the provider returned.
    generation: u64,
    /// The number of failures of the provider. A caller compares it to see a failure that happened
    /// while it waited.
    failures: u64,
    last_failure: Option<Arc<dyn StdError + Send + Sync>>,
    /// No early renewal is tried before this instant.
    paused_until: Option<Instant>,
}

struct Kept {
    credential: Arc<Credential>,
    renew_at: Option<Instant>,
    expires_at: Option<Instant>,
}

/// A credential as the cache hands it out.
#[derive(Clone)]
pub(crate) struct Provided {
    pub(crate) credential: Arc<Credential>,
    /// Which renewal it comes from.
    pub(crate) generation: u64,
}

/// The step before a request can be sent.
enum Need {
    Nothing(Provided),
    /// The credential is valid but expires soon: try to renew it within this time.
    Early(Provided, Duration),
    Credential,
}

impl TokenCache {
    pub(crate) fn new(provider: Box<dyn Provider>) -> Self {
        Self {
            provider,
            turn: tokio::sync::Mutex::default(),
            state: Mutex::default(),
        }
    }

    /// Returns the credential for a call that ends at `deadline`.
    pub(crate) async fn current(&self, deadline: Instant) -> Result<Provided, BoxError> {
        let failures = self.state().failures;
        let need = self.state().need(deadline);
        let _turn = match need {
            Need::Nothing(issued) => return Ok(issued),
            Need::Early(issued, _) => match self.turn.try_lock() {
                Ok(turn) => turn,
                // Another caller is renewing the credential; use the current one until then.
                Err(_) => return Ok(issued),
            },
            Need::Credential => self.turn.lock().await,
        };
        // A previous holder of the lock may have changed the state.
        let need = self.state().need(deadline);
        let failure = self.state().failure_since(failures);
        match (need, failure) {
            (Need::Nothing(issued), _) => Ok(issued),
            (Need::Early(_, limit), _) => self.renew_early(limit, deadline).await,
            // The provider failed while this caller waited. If each caller in the queue asked
            // again, the last one would wait for all.
            (Need::Credential, Some(failure)) => Err(failure),
            (Need::Credential, None) => self.ask().await,
        }
    }

    /// Returns the last credential, unless the server rejected it.
    pub(crate) fn last(&self) -> Option<Arc<Credential>> {
        let state = self.state();
        Some(Arc::clone(&state.current.as_ref()?.credential))
    }

    /// Discards the credential of `generation`, which the server rejected, unless a newer one
    /// replaced it.
    pub(crate) fn reject(&self, generation: u64) {
        let mut state = self.state();
        if state.generation == generation {
            state.current = None;
        }
    }

    /// Renews the credential while the current one is valid. Neither an error of the provider nor
    /// its silence fails the call.
    async fn renew_early(&self, limit: Duration, deadline: Instant) -> Result<Provided, BoxError> {
        // Set before the renewal: if this caller runs out of time, the next one must not wait as
        // well.
        self.state().pause();
        let outcome = timeout(limit, self.ask()).await;
        let why = match &outcome {
            Ok(Ok(issued)) => return Ok(issued.clone()),
            Ok(Err(_)) => "failed",
            Err(_) => "is too slow",
        };
        self.state().pause();
        let need = self.state().need(deadline);
        match (need, outcome) {
            (Need::Nothing(issued) | Need::Early(issued, _), _) => {
                tracing::warn!(
                    "the credentials provider {why}; the last credential is still valid"
                );
                Ok(issued)
            }
            // In the meantime the server rejected the current credential.
            (Need::Credential, Ok(outcome)) => outcome,
            (Need::Credential, Err(_)) => self.ask().await,
        }
    }

    /// Asks the provider. Only the holder of the lock may call it.
    async fn ask(&self) -> Result<Provided, BoxError> {
        let provided = self.provider.provide().await;
        let mut state = self.state();
        match provided {
            Ok(credential) => Ok(state.keep(credential)),
            Err(error) => Err(state.fail(error)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code that holds the lock panics halfway through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn need(&self, deadline: Instant) -> Need {
        let Some(kept) = &self.current else {
            return Need::Credential;
        };
        if is_past(kept.expires_at) {
            return Need::Credential;
        }
        let issued = self.issue(&kept.credential);
        let is_paused = self.paused_until.is_some_and(|end| end > Instant::now());
        if is_paused || !is_past(kept.renew_at) {
            return Need::Nothing(issued);
        }
        // The other half of the time is left for the request with the current credential.
        let end = kept.expires_at.unwrap_or(deadline).min(deadline);
        let half = end.saturating_duration_since(Instant::now()) / 2;
        Need::Early(issued, half.min(EARLY_LIMIT))
    }

    fn keep(&mut self, credential: Credential) -> Provided {
        let kept = Kept::new(credential);
        self.generation += 1;
        self.last_failure = None;
        self.paused_until = None;
        let issued = self.issue(&kept.credential);
        self.current = Some(kept);
        issued
    }

    fn fail(&mut self, error: BoxError) -> BoxError {
        let failure = Arc::from(error);
        self.last_failure = Some(Arc::clone(&failure));
        self.failures += 1;
        Box::new(failure)
    }

    /// Returns the last error of the provider, if it occurred after `failures` failures.
    fn failure_since(&self, failures: u64) -> Option<BoxError> {
        let failure = self.last_failure.clone()?;
        (self.failures > failures).then(|| Box::new(failure) as BoxError)
    }

    fn pause(&mut self) {
        self.paused_until = Instant::now().checked_add(EARLY_PAUSE);
    }

    fn issue(&self, credential: &Arc<Credential>) -> Provided {
        Provided {
            credential: Arc::clone(credential),
            generation: self.generation,
        }
    }
}

impl Kept {
    fn new(credential: Credential) -> Self {
        let now = Instant::now();
        // A lifetime too long to add to the clock is no limit.
        let after = |life: Duration| now.checked_add(life);
        let life = credential.lifetime();
        Self {
            renew_at: life.and_then(|life| after(life - MARGIN.min(life / 5))),
            expires_at: life.and_then(after),
            credential: Arc::new(credential),
        }
    }
}

fn is_past(moment: Option<Instant>) -> bool {
    moment.is_some_and(|moment| moment <= Instant::now())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::CredentialsProvider;

    /// Gives `t1`, then what `later` says.
    struct Then {
        asked: Arc<AtomicUsize>,
        later: Later,
    }

    #[derive(Clone, Copy)]
    enum Later {
        Gives,
        Fails,
        Hangs,
    }

    impl CredentialsProvider for Then {
        async fn credentials(&self) -> Result<Credential, BoxError> {
            let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            match self.later {
                Later::Hangs if number == 2 => std::future::pending().await,
                Later::Fails if number == 2 => Err("sealed".into()),
                _ => Ok(Credential::bearer_token(format!("t{number}"))?),
            }
        }
    }

    /// A cache whose credential is due for renewal and valid for `left`, and how often its provider
    /// was asked.
    async fn due(later: Later, left: Duration) -> (TokenCache, Arc<AtomicUsize>) {
        let asked = Arc::<AtomicUsize>::default();
        let provider = Then {
            asked: Arc::clone(&asked),
            later,
        };
        let cache = TokenCache::new(Box::new(provider));
        assert_eq!(token(&cache).await, "t1");
        let now = Instant::now();
        if let Some(kept) = &mut cache.state().current {
            (kept.renew_at, kept.expires_at) = (Some(now), Some(now + left));
        }
        (cache, asked)
    }

    fn far() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    async fn token(cache: &TokenCache) -> String {
        let issued = cache.current(far()).await.unwrap();
        issued.credential.expose_secret().to_owned()
    }

    #[tokio::test(start_paused = true)]
    async fn early_renewal_replaces_the_credential() {
        let (cache, asked) = due(Later::Gives, MARGIN).await;
        assert_eq!(token(&cache).await, "t2");
        assert_eq!(token(&cache).await, "t2");
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn early_renewal_failed_is_not_repeated_at_once() {
        let (cache, asked) = due(Later::Fails, MARGIN).await;
        for _ in 0..3 {
            assert_eq!(token(&cache).await, "t1");
        }
        assert_eq!(asked.load(Ordering::SeqCst), 2);
        cache.state().paused_until = Some(Instant::now());
        assert_eq!(token(&cache).await, "t3");
    }

    #[tokio::test(start_paused = true)]
    async fn early_renewal_hanging_delays_nobody() {
        let (cache, asked) = due(Later::Hangs, Duration::from_millis(600)).await;
        let others = async {
            let start = Instant::now();
            assert_eq!(token(&cache).await, "t1");
            assert!(start.elapsed() < Duration::from_millis(100));
            assert_eq!(asked.load(Ordering::SeqCst), 2);
        };
        let (renewing, ()) = tokio::join!(token(&cache), others);
        assert_eq!(renewing, "t1");
        assert_eq!(token(&cache).await, "t1");
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn early_renewal_dropped_is_not_repeated_at_once() {
        let (cache, asked) = due(Later::Hangs, MARGIN).await;
        let renewing = timeout(Duration::from_millis(20), cache.current(far())).await;
        assert!(renewing.is_err());
        assert_eq!(token(&cache).await, "t1");
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn credential_rejected_during_renewal_is_not_reused() {
        let (cache, _) = due(Later::Hangs, Duration::from_millis(200)).await;
        let (renewing, ()) = tokio::join!(token(&cache), async { cache.reject(1) });
        assert_eq!(renewing, "t3");
    }
}
