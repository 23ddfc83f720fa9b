import Synchronization

/// The counts of one route's requests of one method on one loop.
///
/// Atomic, though mostly one loop alone writes: whoever tells the counts reads them from another thread, and a loop of tests may run on
/// several.
final class RequestCell: Sendable {
    /// How many bounds a histogram may have.
    static let bounds = 23
    /// How many statuses are told apart; the rest are one.
    static let statuses = 12
    /// What stands for the rest.
    static let otherStatus = 1

    /// Requests by how long they took: the last is for those beyond all bounds.
    private let durations = InlineArray<24, Atomic<Int>> { _ in Atomic(0) }
    private let nanoseconds = Atomic<UInt64>(0)
    /// Which statuses there were, in the order in which they came; 0 where there is none yet.
    private let codes = InlineArray<12, Atomic<Int>> { _ in Atomic(0) }
    private let counts = InlineArray<12, Atomic<Int>> { _ in Atomic(0) }

    /// Counts a request that was answered with `status` after so many nanoseconds.
    func note(_ status: Int, _ duration: UInt64, bounds: [UInt64]) {
        var bucket = 0
        while bucket < bounds.count, duration > bounds[bucket] { bucket &+= 1 }
        durations[bucket].add(1, ordering: .relaxed)
        nanoseconds.add(duration, ordering: .relaxed)
        counts[place(of: status)].add(1, ordering: .relaxed)
    }

    private func place(of status: Int) -> Int {
        var place = 0
        while place < RequestCell.statuses &- 1 {
            let code = codes[place].load(ordering: .relaxed)
            if code == status { return place }
            if code == 0 {
                let taken = codes[place].compareExchange(expected: 0, desired: status, ordering: .relaxed)
                if taken.exchanged || taken.original == status { return place }
            }
            place &+= 1
        }
        codes[place].store(RequestCell.otherStatus, ordering: .relaxed)
        return place
    }

    /// Adds these counts to a sum.
    func add(to sum: inout RequestSum) {
        for bucket in sum.durations.indices {
            sum.durations[bucket] += durations[bucket].load(ordering: .relaxed)
        }
        sum.nanoseconds &+= nanoseconds.load(ordering: .relaxed)
        for place in 0..<RequestCell.statuses {
            let code = codes[place].load(ordering: .relaxed)
            if code != 0 { sum.statuses[code, default: 0] += counts[place].load(ordering: .relaxed) }
        }
    }
}

/// The counts of some cells together.
struct RequestSum {
    /// By bound; the last are those beyond all.
    var durations: [Int]
    var nanoseconds: UInt64 = 0
    var statuses: [Int: Int] = [:]

    init(bounds: Int) { durations = Array(repeating: 0, count: bounds + 1) }

    var count: Int { durations.reduce(0, +) }
}
