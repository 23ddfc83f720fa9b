/// What one connection has had of a turn of its loop, lest a client that sends without end hold up the others.
package struct TurnShare: Sendable {
    /// Requests of one connection that are answered in a turn at most.
    package static let requestBound = 128

    /// Requests that have been answered.
    package private(set) var requests = 0
    /// Nanoseconds that they have taken, and of these the last.
    package private(set) var held: UInt64 = 0
    package private(set) var last: UInt64 = 0
    /// Whether others come before the next request.
    package private(set) var isUsedUp = false

    package init() {}

    /// Counts a request, `bound` being the nanoseconds of a share.
    package mutating func add(_ nanoseconds: UInt64, of bound: UInt64) {
        requests &+= 1
        held &+= nanoseconds
        last = nanoseconds
        isUsedUp = requests >= TurnShare.requestBound || held >= bound
    }
}
