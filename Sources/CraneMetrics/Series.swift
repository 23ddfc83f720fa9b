import CoreMetrics
import Crane
import Synchronization

/// The numbers of one name and its labels.
protocol Series: AnyObject, Sendable {
    func samples(_ labels: [(name: String, value: String)]) -> [Metric.Sample]
}

/// A counter of whole numbers.
final class CounterSeries: CounterHandler, Series {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { value.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { value.store(0, ordering: .relaxed) }

    func samples(_ labels: [(name: String, value: String)]) -> [Metric.Sample] {
        [Metric.Sample(labels, "\(value.load(ordering: .relaxed))")]
    }
}

/// A counter of other numbers.
final class FloatingPointCounterSeries: FloatingPointCounterHandler, Series {
    private let value = Mutex(0.0)

    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func reset() { value.withLock { $0 = 0 } }

    func samples(_ labels: [(name: String, value: String)]) -> [Metric.Sample] {
        [Metric.Sample(labels, "\(value.withLock { $0 })")]
    }
}

/// What rises and falls.
final class GaugeSeries: MeterHandler, RecorderHandler, Series {
    private let value = Mutex(0.0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func samples(_ labels: [(name: String, value: String)]) -> [Metric.Sample] {
        [Metric.Sample(labels, "\(value.withLock { $0 })")]
    }
}

/// How many values there were, and their sum.
final class SummarySeries: RecorderHandler, Series {
    private let total = Mutex((count: 0, sum: 0.0))

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        total.withLock { total in
            total.count += 1
            total.sum += value
        }
    }

    func samples(_ labels: [(name: String, value: String)]) -> [Metric.Sample] {
        let total = total.withLock { $0 }
        return [
            Metric.Sample(labels, suffix: "_sum", "\(total.sum)"),
            Metric.Sample(labels, suffix: "_count", "\(total.count)"),
        ]
    }
}

/// How long something took, as a histogram in seconds.
final class TimerSeries: TimerHandler, Series {
    private struct State {
        /// By bound; the last are those beyond all.
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(_ buckets: [Duration]) {
        bounds = buckets.map { $0 / .seconds(1) }
        state = Mutex(State(counts: Array(repeating: 0, count: buckets.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(duration) / 1e9
        let bucket = bounds.firstIndex { seconds <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += seconds
        }
    }

    func samples(_ labels: [(name: String, value: String)]) -> [Metric.Sample] {
        let state = state.withLock { $0 }
        return Metric.Sample.histogram(labels, bounds: bounds, counts: state.counts, sum: state.sum)
    }
}
