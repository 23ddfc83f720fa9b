/// What one connection has had of a turn of its loop, lest a client that sends without end hold up the others.
package struct TurnShare: Sendable {
    /// Requests of one connection that are answered in a turn at most.
    package static let requestBound = 128

    /// Requests that have been answered.
    package var requests = 0
    /// Nanoseconds that they have taken.
    package var held: UInt64 = 0

    package init() {}

    /// Counts a request; true when others come before the next one, `bound` being the nanoseconds of a share.
    package mutating func add(_ nanoseconds: UInt64, of bound: UInt64) -> Bool {
        requests += 1
        held &+= nanoseconds
        return requests >= TurnShare.requestBound || held >= bound
    }
}
