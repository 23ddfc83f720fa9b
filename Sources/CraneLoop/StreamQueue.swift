/// Connections that wait for their turn, in the order in which they came; loop's thread only.
package final class StreamQueue {
    private let ring = Ring<StreamConnection>()

    package init() {}

    package var isEmpty: Bool { ring.isEmpty }
    package var count: Int { ring.count }

    package func append(_ stream: StreamConnection) { ring.append(stream) }

    /// The one that has waited longest; there must be one.
    package func removeFirst() -> StreamConnection { ring.removeFirst() }
}
