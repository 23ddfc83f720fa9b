import CraneSchema
import CraneSystem
import Synchronization

/// The time by which jobs are due, which tests put forward.
final class JobClock: Sendable {
    private let skipped = Atomic<Int>(0)

    var now: Timestamp {
        Timestamp(
            microseconds: Int(SystemTime.wall() / 1000) + skipped.load(ordering: .relaxed))
    }

    func skip(_ duration: Duration) {
        skipped.wrappingAdd(duration.microseconds, ordering: .relaxed)
    }
}

extension Duration {
    var microseconds: Int {
        let parts = components
        let (whole, isTooLong) = Int(parts.seconds).multipliedReportingOverflow(by: 1_000_000)
        // What never comes, and what is long past.
        if isTooLong { return parts.seconds < 0 ? .min / 4 : .max / 4 }
        return whole + Int(parts.attoseconds / 1_000_000_000_000)
    }

    init(microseconds: Int) { self = .microseconds(microseconds) }
}

extension Timestamp {
    /// The time after this one, within what a text can say.
    func advanced(by duration: Duration) -> Timestamp {
        let (sum, isTooLate) = microseconds.addingReportingOverflow(duration.microseconds)
        return min(
            max(
                isTooLate ? Timestamp.range.upperBound : Timestamp(microseconds: sum),
                Timestamp.range.lowerBound), Timestamp.range.upperBound)
    }
}
