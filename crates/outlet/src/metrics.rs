//! Figures for operation, in the text form of Prometheus.
//!
//! Labels are the pattern of a route and the class of a status, never anything a client sent: no
//! address, no key, no path.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::shelf::ShelfHealth;

/// All figures of one outlet.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    latency: Family<RouteLabels, Histogram, fn() -> Histogram>,
    tick_to_served: Histogram,
    streams: Gauge,
    verified: Gauge,
    rejected: Gauge<u64, AtomicU64>,
    newest_tick: Gauge<f64, AtomicU64>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    route: Arc<str>,
    status: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: Arc<str>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("noroshi_outlet");
        let requests = Family::<RequestLabels, Counter>::default();
        let latency: Family<RouteLabels, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(LATENCY_BUCKETS));
        let tick_to_served = Histogram::new(SERVED_BUCKETS);
        let (streams, verified) = (Gauge::default(), Gauge::default());
        let rejected = Gauge::<u64, AtomicU64>::default();
        let newest_tick = Gauge::<f64, AtomicU64>::default();
        registry.register("requests", "Requests by route and status class", requests.clone());
        registry.register_with_unit(
            "request_duration",
            "Time until an answer begins",
            Unit::Seconds,
            latency.clone(),
        );
        registry.register_with_unit(
            "tick_to_served",
            "Time from a tick until its releases can be read",
            Unit::Seconds,
            tick_to_served.clone(),
        );
        registry.register("stream_connections", "Listeners of the stream", streams.clone());
        registry.register("verified_objects", "Objects that verified", verified.clone());
        registry.register(
            "rejected_rows",
            "Rows that failed verification and are not served",
            rejected.clone(),
        );
        registry.register_with_unit(
            "newest_tick_timestamp",
            "The newest tick that is served",
            Unit::Seconds,
            newest_tick.clone(),
        );
        Self {
            registry,
            requests,
            latency,
            tick_to_served,
            streams,
            verified,
            rejected,
            newest_tick,
        }
    }

    /// Counts one answered request.
    pub(crate) fn request(&self, route: &str, status: u16, took: Duration) {
        let route: Arc<str> = route.into();
        let status = match status {
            0..=199 => "1xx",
            200..=299 => "2xx",
            300..=399 => "3xx",
            400..=499 => "4xx",
            _ => "5xx",
        };
        self.requests.get_or_create(&RequestLabels { route: route.clone(), status }).inc();
        self.latency.get_or_create(&RouteLabels { route }).observe(took.as_secs_f64());
    }

    /// Notes how long a wave of releases took from its tick, in microseconds.
    pub(crate) fn tick_to_served(&self, micros: i64) {
        self.tick_to_served.observe(micros.max(0) as f64 / 1e6);
    }

    /// Counts a listener of the stream for as long as the answer lives, unless there are `max`.
    pub(crate) fn listener(&self, max: usize) -> Option<Listener> {
        let before = self.streams.inc();
        let listener = Listener(self.streams.clone());
        // Dropping the listener counts it out again.
        (usize::try_from(before).unwrap_or(0) < max).then_some(listener)
    }

    /// Whether anybody listens to the stream.
    pub(crate) fn has_listeners(&self) -> bool {
        self.streams.get() > 0
    }

    /// Writes all figures.
    pub(crate) fn write(&self, health: ShelfHealth) -> Result<String, fmt::Error> {
        self.verified.set(i64::try_from(health.verified).unwrap_or(i64::MAX));
        self.rejected.set(health.rejected);
        self.newest_tick.set(health.newest_tick as f64 / 1e6);
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}

/// One listener of the stream.
pub(crate) struct Listener(Gauge);

impl Drop for Listener {
    fn drop(&mut self) {
        self.0.dec();
    }
}

const LATENCY_BUCKETS: [f64; 10] = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0];
const SERVED_BUCKETS: [f64; 10] = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0];
