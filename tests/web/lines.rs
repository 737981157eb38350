//! What the log would be told while something is done, with all its fields.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::subscriber::{DefaultGuard, set_default};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry;

/// One line: how important it is, and its fields, of which `message` is what one reads.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) level: Level,
    fields: BTreeMap<String, String>,
}

impl Line {
    /// A field, empty if it is not there.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    pub(crate) fn message(&self) -> &str {
        self.field("message")
    }

    /// Whether a text is in any of its fields.
    pub(crate) fn tells(&self, text: &str) -> bool {
        self.fields.values().any(|value| value.contains(text))
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.fields.insert(field.name().to_owned(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.insert(field.name().to_owned(), value.to_owned());
    }
}

/// Lines of this test's thread, until it is dropped.
pub(crate) struct Lines {
    said: Arc<Mutex<Vec<Line>>>,
    _guard: DefaultGuard,
}

struct Listener(Arc<Mutex<Vec<Line>>>);

impl<S: Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if !event.metadata().target().starts_with("flaskr") {
            return; // as `log.rs` does with what other crates say
        }
        let mut line = Line { level: *event.metadata().level(), fields: BTreeMap::new() };
        event.record(&mut line);
        self.0.lock().unwrap().push(line);
    }
}

impl Lines {
    /// Listens from now on.
    pub(crate) fn listen() -> Self {
        let said = Arc::default();
        let guard = set_default(registry().with(Listener(Arc::clone(&said))));
        Self { said, _guard: guard }
    }

    /// What was said since this was last asked.
    pub(crate) fn take(&self) -> Vec<Line> {
        std::mem::take(&mut *self.said.lock().unwrap())
    }

    /// The one line that was said since this was last asked.
    pub(crate) fn one(&self) -> Line {
        let lines = self.take();
        let [line] = lines.as_slice() else { panic!("{lines:?}") };
        line.clone()
    }
}
