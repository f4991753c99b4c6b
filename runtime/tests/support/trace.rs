//! Records the spans and events of calls.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, OnceLock};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, NoSubscriber, set_default};
use tracing::{Dispatch, Event, Metadata, Subscriber};

/// The prefix of the targets of all spans and events of the runtime.
const TARGET: &str = "neo_client_runtime";

pub type Fields = BTreeMap<&'static str, String>;

/// Records everything that is traced on this thread, by dependencies too.
#[derive(Clone, Default)]
pub struct Recorder(Arc<Mutex<Records>>);

#[derive(Clone, Default)]
pub struct Records {
    /// The spans of the runtime.
    pub spans: Vec<Fields>,
    /// The events of all crates.
    pub events: Vec<Fields>,
    /// The targets of `events`, in the same order.
    targets: Vec<&'static str>,
}

impl Recorder {
    /// Starts to record what is traced on this thread, until the guard is dropped.
    pub fn start() -> (Self, DefaultGuard) {
        // With a single subscriber alive, tracing asks that of the thread which reaches an event
        // first, and keeps the answer for all threads. With two it asks both.
        static OTHER: OnceLock<Dispatch> = OnceLock::new();
        OTHER.get_or_init(|| Dispatch::new(NoSubscriber::default()));
        let recorder = Self::default();
        let guard = set_default(recorder.clone());
        (recorder, guard)
    }
}

struct Reader<'a>(&'a mut Fields);

impl Visit for Reader<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = format!("{value:?}").trim_matches('"').to_owned();
        self.0.insert(field.name(), text);
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() || metadata.target().starts_with(TARGET)
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::new();
        span.record(&mut Reader(&mut fields));
        let spans = &mut self.0.lock().unwrap().spans;
        spans.push(fields);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let index = usize::try_from(span.into_u64()).unwrap() - 1;
        values.record(&mut Reader(&mut self.0.lock().unwrap().spans[index]));
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::new();
        event.record(&mut Reader(&mut fields));
        let mut records = self.0.lock().unwrap();
        records.events.push(fields);
        records.targets.push(event.metadata().target());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

impl Recorder {
    /// The records so far.
    pub fn records(&self) -> Records {
        self.0.lock().unwrap().clone()
    }
}

impl Records {
    /// The events of the runtime.
    pub fn attempts(&self) -> Vec<&Fields> {
        let all = self.events.iter().zip(&self.targets);
        let own = all.filter(|(_, target)| target.starts_with(TARGET));
        own.map(|(event, _)| event).collect()
    }

    /// The messages of the events of the runtime.
    pub fn messages(&self) -> Vec<String> {
        let attempts = self.attempts().into_iter();
        attempts.map(|event| event["message"].clone()).collect()
    }
}

/// Records what `call` traces.
pub async fn traced(call: impl AsyncFnOnce()) -> Records {
    let (recorder, guard) = Recorder::start();
    call().await;
    drop(guard);
    recorder.records()
}

/// The messages of the events of `call`.
pub async fn messages(call: impl AsyncFnOnce()) -> Vec<String> {
    traced(call).await.messages()
}
