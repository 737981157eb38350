//! Measures as text, in the format that Prometheus asks for. Names, types and units follow its rules.
//! <https://prometheus.io/docs/practices/naming/>

use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet, prometheus_text, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::{Registry, Unit};

use super::{METHODS, STATUSES};
use crate::db::Measures;
use crate::measure::Distribution;
use crate::process::{self, Usage};
use crate::web::App;

/// How to write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// What Prometheus prefers: <https://prometheus.io/docs/specs/om/open_metrics_spec/>
    OpenMetrics,
    /// What was before, for whoever asks for no other.
    Prometheus,
}

/// All that is measured, as it is now. This looks at files, and so may wait for a disk.
pub fn text(app: &Arc<App>, format: Format) -> Result<String, fmt::Error> {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(Measured(Arc::clone(app))));
    let mut written = String::new();
    match format {
        Format::OpenMetrics => text::encode(&mut written, &registry)?,
        Format::Prometheus => prometheus_text::encode(&mut written, &registry)?,
    }
    Ok(written)
}

#[derive(Debug)]
struct Measured(Arc<App>);

impl Collector for Measured {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut out = Out(encoder);
        requests(&self.0, &mut out)?;
        clients(&self.0, &mut out)?;
        people(&self.0, &mut out)?;
        database(&self.0.db.measures(), &mut out)?;
        this_process(&self.0, process::usage(), &mut out)
    }
}

fn requests(app: &App, out: &mut Out<'_>) -> fmt::Result {
    let meters = &app.meters;
    let routed = METHODS.iter().zip(&meters.routed).flat_map(|(method, classes)| {
        STATUSES.iter().zip(classes).map(move |(status, count)| (*method, *status, "no", count.get()))
    });
    let kept = ["GET", "HEAD"].into_iter().zip(&meters.kept).flat_map(|(method, classes)| {
        ["2xx", "3xx"].into_iter().zip(classes).map(move |(status, count)| (method, status, "yes", count.get()))
    });
    let labelled = routed
        .chain(kept)
        .map(|(method, status, kept, count)| (vec![("method", method), ("status", status), ("kept", kept)], count));
    out.counters("flaskr_http_requests", "Requests that were answered, by a page that was kept or not", labelled)?;
    out.counter(
        "flaskr_http_requests_abandoned",
        "Requests whose client went away before an answer",
        meters.abandoned.get(),
    )?;
    out.histogram(
        "flaskr_http_request_duration",
        "Time until a response was there, of requests that no kept page answered",
        Some(&Unit::Seconds),
        &meters.duration.distribution(),
    )?;
    let cache = &app.cache;
    // What is answered before any route is asked was kept, and is counted there already.
    out.counter(
        "flaskr_cache_hits",
        "Pages that were asked for and kept",
        meters.kept_in_all() + meters.routed_hits.get(),
    )?;
    out.counter("flaskr_cache_misses", "Pages that were asked for and had to be made", meters.misses.get())?;
    let stale = "Pages that were shown as they were kept, since the database was away";
    out.counter("flaskr_cache_stale_hits", stale, meters.stale_hits.get())?;
    let [pages, answers] = cache.entries();
    let entries = [("pages", pages), ("answers", answers), ("sessions", app.sessions.len())];
    out.gauges(
        "flaskr_cache_entries",
        "What is kept in memory",
        entries.map(|(kind, count)| (vec![("kind", kind)], count)),
    )?;
    out.gauge("flaskr_cache", "Memory of pages and answers that are kept", Some(&Unit::Bytes), cache.bytes())?;
    out.gauge(
        "flaskr_cache_limit",
        "Most that there may be (cache_bytes_max)",
        Some(&Unit::Bytes),
        app.config.limits.cache_bytes_max as u64,
    )
}

fn clients(app: &App, out: &mut Out<'_>) -> fmt::Result {
    let connections = &app.connections;
    out.gauge("flaskr_connections", "Connections that are open", None, connections.len() as u64)?;
    out.gauge(
        "flaskr_connections_limit",
        "Most that may be (connections_max)",
        None,
        app.config.limits.connections_max as u64,
    )?;
    let refused =
        [("too many of one client", app.meters.connections_refused.get()), ("made room", connections.gave_way())];
    let refused = refused.map(|(reason, count)| (vec![("reason", reason)], count));
    out.counters("flaskr_connections_refused", "Connections that were closed because of a limit", refused)?;
    let [held, most] = app.memory.bytes();
    out.gauge("flaskr_in_flight", "Forms that arrive and answers that leave", Some(&Unit::Bytes), held)?;
    out.gauge("flaskr_in_flight_limit", "Most that there may be (in_flight_bytes_max)", Some(&Unit::Bytes), most)
}

fn people(app: &App, out: &mut Out<'_>) -> fmt::Result {
    let meters = &app.meters;
    let logins = [
        ("succeeded", meters.logins_succeeded.get()),
        ("failed", meters.logins_failed.get()),
        ("throttled", meters.logins_throttled.get()),
    ];
    let logins = logins.map(|(outcome, count)| (vec![("outcome", outcome)], count));
    out.counters("flaskr_logins", "Attempts to log in, and what came of them", logins)?;
    out.counter("flaskr_registrations", "Users who registered", meters.registrations.get())?;
    out.queue("flaskr_password_queue", "Passwords that wait to be hashed", app.passwords.queue())
}

fn database(db: &Measures, out: &mut Out<'_>) -> fmt::Result {
    out.queue("flaskr_write_queue", "Writes that wait for the writer", db.write_queue)?;
    out.histogram("flaskr_write_group_size", "Writes in one transaction", None, &db.group_jobs)?;
    out.histogram(
        "flaskr_commit_duration",
        "Time of a transaction until it was on disk",
        Some(&Unit::Seconds),
        &db.commit_time,
    )?;
    out.counter("flaskr_failed_transactions", "Transactions of which nothing was stored", db.failed_transactions)?;
    let last = db.last_commit.unsigned_abs();
    out.gauge("flaskr_last_commit_timestamp", "When something was last stored, 0 before", Some(&Unit::Seconds), last)?;
    out.queue("flaskr_read_queue", "Reads that wait for a connection", db.read_queue)?;
    out.histogram("flaskr_read_wait", "Time that a read waited for a connection", Some(&Unit::Seconds), &db.read_wait)?;
    if let Some(bytes) = db.database_bytes {
        out.gauge("flaskr_database", "Length of the database", Some(&Unit::Bytes), bytes)?;
    }
    if let Some(bytes) = db.log_bytes {
        out.gauge("flaskr_wal", "Length of its write-ahead log", Some(&Unit::Bytes), bytes)?;
    }
    out.counter(
        "flaskr_failed_checkpoints",
        "Times that the log could not be copied into the database",
        db.failed_checkpoints,
    )?;
    let is_behind = u64::from(db.index_is_behind);
    out.gauge("flaskr_search_index_behind", "Whether posts wait to be found by the search", None, is_behind)
}

/// Under the names that every exporter has them.
fn this_process(app: &App, usage: Usage, out: &mut Out<'_>) -> fmt::Result {
    let version = vec![("version", env!("CARGO_PKG_VERSION"))];
    out.gauges("flaskr_build_info", "The program's version", [(version, 1_usize)])?;
    let started = app.started.as_second().unsigned_abs();
    out.gauge("process_start_time", "When the process began", Some(&Unit::Seconds), started)?;
    if let Some(time) = usage.processor_time {
        let mut metric =
            out.0.encode_descriptor("process_cpu", "Time on processors", Some(&Unit::Seconds), MetricType::Counter)?;
        metric.encode_counter::<NoLabelSet, _, u64>(&time.as_secs_f64(), None)?;
    }
    for (name, help, unit, value) in [
        ("process_resident_memory", "Memory that is there", Some(Unit::Bytes), usage.resident_bytes),
        ("process_virtual_memory", "Addresses that are taken", Some(Unit::Bytes), usage.virtual_bytes),
        ("process_threads", "Threads", None, usage.threads),
        ("process_open_fds", "File descriptors that are open", None, usage.open_files),
        ("process_max_fds", "Most that may be", None, usage.open_files_max),
    ] {
        if let Some(value) = value {
            out.gauge(name, help, unit.as_ref(), value)?;
        }
    }
    Ok(())
}

/// Writes one measure after the other. The unit is the end of a name; `_total` comes by itself.
struct Out<'a>(DescriptorEncoder<'a>);

type Labels = Vec<(&'static str, &'static str)>;

impl Out<'_> {
    fn gauge(&mut self, name: &str, help: &str, unit: Option<&Unit>, value: u64) -> fmt::Result {
        self.0.encode_descriptor(name, help, unit, MetricType::Gauge)?.encode_gauge(&value)
    }

    fn gauges(&mut self, name: &str, help: &str, values: impl IntoIterator<Item = (Labels, usize)>) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        values.into_iter().try_for_each(|(labels, value)| metric.encode_family(&labels)?.encode_gauge(&value))
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        count(self.0.encode_descriptor(name, help, None, MetricType::Counter)?, value)
    }

    fn counters(&mut self, name: &str, help: &str, values: impl IntoIterator<Item = (Labels, u64)>) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        values.into_iter().try_for_each(|(labels, value)| count(metric.encode_family(&labels)?, value))
    }

    /// How long a queue is, and may be.
    fn queue(&mut self, name: &str, help: &str, [length, limit]: [usize; 2]) -> fmt::Result {
        self.gauge(&format!("{name}_length"), help, None, length as u64)?;
        self.gauge(&format!("{name}_limit"), "Most that may wait", None, limit as u64)
    }

    /// Of whole numbers, or with a unit, of microseconds.
    #[allow(clippy::cast_precision_loss, reason = "2^53 microseconds are 285 years")]
    fn histogram(&mut self, name: &str, help: &str, unit: Option<&Unit>, of: &Distribution) -> fmt::Result {
        let scaled = |size: u64| if unit.is_some() { size as f64 / 1e6 } else { size as f64 };
        let parts: Vec<_> =
            of.parts.iter().map(|(bound, count)| (bound.map_or(f64::INFINITY, scaled), *count)).collect();
        let count = parts.iter().map(|(_, count)| count).sum();
        let mut metric = self.0.encode_descriptor(name, help, unit, MetricType::Histogram)?;
        metric.encode_histogram::<NoLabelSet>(scaled(of.sum), count, &parts, None)
    }
}

fn count(mut metric: MetricEncoder<'_>, value: u64) -> fmt::Result {
    metric.encode_counter::<NoLabelSet, _, u64>(&value, None)
}
