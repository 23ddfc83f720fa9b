/// What is to be done about an event: steps, carried out in the order of their declaration, after the deadline is set.
package struct ConnectionActions: Equatable, Sendable {
    package struct Steps: OptionSet, Hashable, Sendable {
        package let rawValue: UInt32

        package init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Whoever reads the body hears that no more of it comes.
        package static let abortBody = Steps(rawValue: 1)
        /// ... that it came too slowly.
        package static let endSlowBody = Steps(rawValue: 2)
        /// ... that too much is held for all clients together.
        package static let endExcessiveBody = Steps(rawValue: 4)
        /// The handler's task is cancelled.
        package static let cancel = Steps(rawValue: 8)
        /// Input that was kept is thrown away.
        package static let dropInput = Steps(rawValue: 16)
        /// Input and output that are held are thrown away.
        package static let releaseBuffers = Steps(rawValue: 32)
        /// `100 Continue` is written and handed to the socket.
        package static let sendContinue = Steps(rawValue: 64)
        /// Output is handed to the socket.
        package static let flush = Steps(rawValue: 128)
        /// FIN is sent; what comes is still read.
        package static let shutdownWriting = Steps(rawValue: 256)
        package static let startReading = Steps(rawValue: 512)
        /// The request waits for its turn on the loop.
        package static let serve = Steps(rawValue: 1024)
        /// The other protocol hears that no more comes.
        package static let tellEnd = Steps(rawValue: 2048)
        /// ... that the deadline that it wanted has passed.
        package static let tellDeadline = Steps(rawValue: 4096)
        /// ... that the server shuts down.
        package static let tellShutdown = Steps(rawValue: 8192)
        package static let close = Steps(rawValue: 16384)
        /// The connection is closed by a reset, which says that what has come is not all.
        package static let reset = Steps(rawValue: 32768)
        /// Whoever waits to write hears that there is nobody to write to.
        package static let wakeWriters = Steps(rawValue: 65536)
        /// 408 is written, and `refused` told.
        package static let refuseSlow = Steps(rawValue: 131_072)
        /// 503 is written, and `refused` told.
        package static let refuseOverloaded = Steps(rawValue: 262_144)
    }

    package var steps: Steps
    /// The deadline from now on, in the clock's milliseconds: `.max` for none, and zero, which is in the past, for one that stays.
    package var deadline: UInt64

    init(_ steps: Steps, deadline: UInt64 = 0) {
        self.steps = steps
        self.deadline = deadline
    }

    static let none = ConnectionActions([])

    func with(_ more: Steps) -> ConnectionActions {
        ConnectionActions(steps.union(more), deadline: deadline)
    }
}
