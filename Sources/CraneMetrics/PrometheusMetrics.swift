public import CoreMetrics
public import Crane
import Synchronization

/// The backend of swift-metrics whose numbers stand beside the application's own, in Prometheus's text format.
///
/// ```swift
/// let metrics = PrometheusMetrics()
/// MetricsSystem.bootstrap(metrics)
/// app.metrics { metrics.all }
/// ```
/// A counter's name ends in `_total`; a timer is a histogram in seconds, whose name ends so; a recorder is a summary of count and sum; a
/// gauge and a meter are gauges. What may not stand in a name becomes an underscore. Any thread.
public final class PrometheusMetrics: MetricsFactory {
    private struct State {
        /// By name, in the order in which they were made.
        var families: [String: Family] = [:]
        var names: [String] = []
        var count = 0
        var refused = 0
    }

    private let state = Mutex(State())
    private let buckets: [Duration]
    private let bound: Int

    /// - Parameters:
    ///   - buckets: the upper bounds of timers' histograms.
    ///   - bound: how many series there may be, each a name with labels; further ones are made and told of nowhere, and counted in
    ///     `metrics_refused_total`.
    public init(buckets: [Duration] = Metric.usualBuckets, upTo bound: Int = 10_000) {
        self.buckets = buckets.sorted()
        self.bound = bound
    }

    /// The numbers of now.
    public var all: [Metric] {
        let (families, refused) = state.withLock { state in
            (state.names.compactMap { name in state.families[name].map { (name, $0) } }, state.refused)
        }
        return families.map { name, family in family.metric(name) } + [
            .counter(
                "metrics_refused_total",
                "Series that swift-metrics has asked for beyond the bound, or under the name of another kind.",
                refused)
        ]
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, "_total", "counter", dimensions) { CounterSeries() }
    }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, "_total", "counter", dimensions) { FloatingPointCounterSeries() }
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, "", "gauge", dimensions) { GaugeSeries() }
    }

    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return series(label, "", "gauge", dimensions) { GaugeSeries() } }
        return series(label, "", "summary", dimensions) { SummarySeries() }
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, "_seconds", "histogram", dimensions) { TimerSeries(self.buckets) }
    }

    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    /// The series of that name and those labels, made where it is not there.
    private func series<Handler: Series>(
        _ label: String, _ suffix: String, _ type: String, _ dimensions: [(String, String)],
        _ make: () -> Handler
    ) -> Handler {
        var name = MetricName.valid(label)
        if !name.hasSuffix(suffix) { name += suffix }
        let labels = dimensions.map { (name: MetricName.valid($0.0, colons: false), value: $0.1) }
        return state.withLock { state in
            var family =
                state.families[name] ?? Family(type: type, help: "\(label), as swift-metrics has it.")
            if let known = family.series(labels) as? Handler { return known }
            let made = make()
            guard family.type == type, family.series(labels) == nil, state.count < bound else {
                state.refused += 1
                return made
            }
            family.all.append((labels, made))
            if state.families.updateValue(family, forKey: name) == nil { state.names.append(name) }
            state.count += 1
            return made
        }
    }

    private func remove(_ handler: any AnyObject) {
        state.withLock { state in
            for name in state.names {
                guard var family = state.families[name],
                    let place = family.all.firstIndex(where: { $0.series === handler })
                else { continue }
                family.all.remove(at: place)
                state.count -= 1
                state.families[name] = family.all.isEmpty ? nil : family
                if family.all.isEmpty { state.names.removeAll { $0 == name } }
                return
            }
        }
    }
}

/// The series of one name.
private struct Family: Sendable {
    let type: String
    let help: String
    var all: [(labels: [(name: String, value: String)], series: any Series)] = []

    func series(_ labels: [(name: String, value: String)]) -> (any Series)? {
        all.first { $0.labels.elementsEqual(labels) { $0 == $1 } }?.series
    }

    func metric(_ name: String) -> Metric {
        Metric(name, type, help, all.flatMap { $0.series.samples($0.labels) })
    }
}

/// Names as Prometheus's data model has them.
enum MetricName {
    /// The text with an underscore for each character that a name may not have.
    static func valid(_ text: String, colons: Bool = true) -> String {
        let name = String(
            text.unicodeScalars.map { scalar -> Character in
                let isValid =
                    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                    || ("0"..."9").contains(scalar) || scalar == "_" || (colons && scalar == ":")
                return isValid ? Character(scalar) : "_"
            })
        return name.first.map { $0.isNumber } ?? true ? "_" + name : name
    }
}
