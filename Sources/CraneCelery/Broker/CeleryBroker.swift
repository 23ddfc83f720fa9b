import CraneLoop
public import CraneSQLite
import CraneSystem
public import Logging

/// A broker and result store for Celery that lives in the service's own database: unmodified workers, beat and Flower take it for a
/// Redis.
///
/// ```python
/// app = Celery("tasks", broker="redis://127.0.0.1:6399/0", backend="redis://127.0.0.1:6399/0")
/// ```
/// It knows the commands and scripts that Celery sends, and no others. What it has answered is on the disk. A task's message stays
/// with the broker until its worker acknowledges it, and goes to another worker when the connection that took it has been gone for a
/// while: a visibility time-out, which gives long tasks out a second time, has no effect.
///
/// It runs on a loop with a thread of its own, so that no request waits for it. Any thread may call it.
public final class CeleryBroker: Sendable {
    /// Where a broker listens, and what it takes.
    public struct Configuration: Sendable {
        public var address = BrokerAddress.host("127.0.0.1", port: 6399)
        /// What clients must say (`AUTH`); needed where others than this machine can connect.
        public var password: String?
        /// How long the connection that has taken a message may be gone before the message goes to another worker.
        ///
        /// A worker that stops in good order closes it first and acknowledges later.
        public var grace = Duration.seconds(60)
        public var limits = BrokerLimits()
        /// The number of its loop, by which the database finds the connection to read by: one that no other loop has.
        public var loopIndex = 1 << 21

        public init() {}
    }

    /// Where it listens, with the port that the system chose.
    public let address: BrokerAddress
    let core: BrokerCore
    private let thread: SystemThread

    /// Listens, and begins to answer; the tables must be there (`Migration.celery(_:)`). Blocks the calling thread.
    ///
    /// - Throws: what keeps it from that, as a line for the operator.
    public init(
        _ database: Database, _ configuration: Configuration = Configuration(),
        logger: Logger = Logger(label: "crane.celery")
    ) throws {
        if configuration.password == nil, !configuration.address.isLocal {
            throw BrokerError("a broker that others can reach needs a password")
        }
        core = try BrokerCore(database, configuration, logger)
        do {
            try core.recover()
            address = try core.listen()
            thread = try SystemThread("celery", signals: false) { [core] in core.events.run() }
        } catch {
            core.events.close()
            throw BrokerError("the broker cannot listen on \(configuration.address): \(error)")
        }
        core.events.execute { [core] in core.begin() }
    }

    deinit { close() }

    /// What it has done so far.
    public var counters: BrokerCounters { core.tally.counters }

    /// Takes no further connections, and ends those that wait; any thread.
    public func beginDraining() { core.events.execute { [core] in core.drain() } }

    /// Ends it, before its database is closed: what is under way is answered first, for some seconds at most. Blocks the calling thread.
    public func close() { thread.end { core.end() } }

    /// Puts the clock forward, for tests.
    package func skip(_ duration: Duration) { core.events.execute { [core] in core.events.skip(duration) } }
}

/// Why there is no broker, or no answer from one.
public struct BrokerError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
