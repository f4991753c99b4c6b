//! The credential of a provider, kept until shortly before it expires and renewed by one caller at a time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::credentials::{Credential, Issued, Provider};
use crate::error::BoxError;

/// How long before its end a credential is renewed: the request still has to reach the server.
const MARGIN: Duration = Duration::from_secs(30);

pub(crate) struct TokenCache {
    provider: Box<dyn Provider>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Option<Kept>,
    /// How many credentials the provider has given.
    generation: u64,
}

struct Kept {
    credential: Arc<Credential>,
    renew_at: Option<Instant>,
    expires_at: Option<Instant>,
}

impl TokenCache {
    pub(crate) fn new(provider: Box<dyn Provider>) -> Self {
        Self {
            provider,
            state: Mutex::default(),
        }
    }

    /// The credential to send now.
    ///
    /// The lock is held while the provider works: that is what makes the other callers wait for its answer.
    pub(crate) async fn current(&self) -> Result<Issued, BoxError> {
        let mut state = self.state.lock().await;
        if let Some(kept) = &state.current
            && !is_past(kept.renew_at)
        {
            return Ok(state.issue(&kept.credential));
        }
        match self.provider.provide().await {
            Ok(credential) => {
                let kept = Kept::new(credential);
                let credential = Arc::clone(&kept.credential);
                state.current = Some(kept);
                state.generation += 1;
                Ok(state.issue(&credential))
            }
            Err(error) => match &state.current {
                // It was early to renew; a provider that fails for a moment must not fail the call.
                Some(kept) if !is_past(kept.expires_at) => {
                    tracing::warn!(
                        "the credentials provider failed; the last credential is still valid"
                    );
                    Ok(state.issue(&kept.credential))
                }
                _ => Err(error),
            },
        }
    }

    /// Forgets the credential of `generation`, which the server refused, unless a newer one has replaced it already.
    pub(crate) async fn reject(&self, generation: u64) {
        let mut state = self.state.lock().await;
        if state.generation == generation {
            state.current = None;
        }
    }
}

impl State {
    fn issue(&self, credential: &Arc<Credential>) -> Issued {
        Issued {
            credential: Arc::clone(credential),
            generation: self.generation,
        }
    }
}

impl Kept {
    fn new(credential: Credential) -> Self {
        let now = Instant::now();
        // A life too long to add to the clock is no limit.
        let after = |life: Duration| now.checked_add(life);
        let life = credential.life();
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
