import CraneHTTP
import CraneSystem
import Synchronization

/// Counts an application's requests, for each loop apart: loops write to no memory together, and the sums are made when they are told.
///
/// An `Endpoint` says by its `number` which cells are its own.
final class RequestCounters: Sendable {
    /// What a cell's requests have in common.
    struct Label: Hashable, Sendable {
        let method: String
        let route: String
    }

    /// What stands for the route of requests that match none.
    static let noRoute = "-"

    /// Upper bounds of the histogram, in nanoseconds.
    let bounds: [UInt64]
    let labels: [Label]
    private let loops: [LoopPlace]

    /// More loops than these share their counts.
    private static let places = 64

    init(_ labels: [Label], bounds: [UInt64]) {
        self.labels = labels
        self.bounds = bounds
        loops = (0..<RequestCounters.places).map { _ in LoopPlace() }
    }

    private func counters(of loop: Int) -> LoopCounters {
        let place = loops[loop & (RequestCounters.places &- 1)]
        return place.counters.value ?? place.counters.store(LoopCounters(cells: labels.count))
    }

    /// A request begins.
    func begin(on loop: Int) {
        counters(of: loop).begun.add(1, ordering: .relaxed)
    }

    /// A request of this cell has its response.
    func end(_ cell: Int, _ status: Int, _ duration: UInt64, on loop: Int) {
        let counters = counters(of: loop)
        counters.ended.add(1, ordering: .relaxed)
        counters.cells[cell].note(status, duration, bounds: bounds)
    }

    /// Requests that have begun and have no response yet.
    var running: Int {
        loops.reduce(0) { sum, place in
            guard let counters = place.counters.value else { return sum }
            // In this order, so that it is never less than nothing.
            let ended = counters.ended.load(ordering: .acquiring)
            return sum + max(0, counters.begun.load(ordering: .relaxed) - ended)
        }
    }

    /// What was counted, by method and route in the order of registration; nothing of those that had no request.
    var sums: [(label: Label, sum: RequestSum)] {
        let counted = loops.compactMap { $0.counters.value }
        var order: [Label] = []
        var sums: [Label: RequestSum] = [:]
        for (number, label) in labels.enumerated() {
            var sum = sums[label] ?? RequestSum(bounds: bounds.count)
            for counters in counted { counters.cells[number].add(to: &sum) }
            if sum.count > 0, sums.updateValue(sum, forKey: label) == nil { order.append(label) }
        }
        return order.compactMap { label in sums[label].map { (label, $0) } }
    }
}

/// Where a loop's counters are put by its first request.
private final class LoopPlace: Sendable {
    let counters = OnceReference<LoopCounters>()
}

/// The counters of one loop.
private final class LoopCounters: Sendable {
    let cells: [RequestCell]
    let begun = Atomic(0)
    let ended = Atomic(0)

    init(cells count: Int) {
        cells = (0..<count).map { _ in RequestCell() }
    }
}
