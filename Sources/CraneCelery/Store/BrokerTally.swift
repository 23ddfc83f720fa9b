import Synchronization

/// What a write has changed: told to the broker once it is on the disk, and to nobody when it is undone.
struct BrokerChanges: Sendable {
    /// How many messages wait in queues, more than before.
    var lengths: [String: Int] = [:]
    /// Messages that no worker has any more.
    var released: [Int] = []
    /// Messages and members, and their bytes, more than before.
    var messages = 0
    var bytes = 0
    var valueBytes = 0
    /// How many messages came, were taken, were put back, and values that had to go.
    var pushed = 0
    var delivered = 0
    var returned = 0
    var evicted = 0
    /// Names of keys that have changed, and whether the messages with workers have, for those who watch them.
    var touched: [String] = []
    var touchesTaken = false
}

/// How much a broker holds, and the number of its next message; any thread.
final class BrokerTally: Sendable {
    private struct State {
        var id = 0
        var messages = 0
        var bytes = 0
        var valueBytes = 0
        var lengths: [String: Int] = [:]
        var counters = BrokerCounters()
    }

    let limits: BrokerLimits
    private let state = Mutex(State())

    init(_ limits: BrokerLimits) {
        self.limits = limits
    }

    /// What was there at the start.
    func begin(highestID: Int, messages: Int, bytes: Int, valueBytes: Int, lengths: [String: Int]) {
        state.withLock { state in
            (state.id, state.messages, state.bytes) = (highestID, messages, bytes)
            (state.valueBytes, state.lengths) = (valueBytes, lengths)
        }
    }

    /// A number that no message has or had since the start.
    func nextID() -> Int {
        state.withLock { state in
            state.id += 1
            return state.id
        }
    }

    func add(_ changes: BrokerChanges) {
        state.withLock { state in
            state.messages += changes.messages
            state.bytes += changes.bytes
            state.valueBytes += changes.valueBytes
            state.counters.pushed += changes.pushed
            state.counters.delivered += changes.delivered
            state.counters.returned += changes.returned
            state.counters.evicted += changes.evicted
            for (name, change) in changes.lengths {
                let length = state.lengths[name, default: 0] + change
                state.lengths[name] = length == 0 ? nil : length
            }
        }
    }

    func count(_ change: (inout BrokerCounters) -> Void) { state.withLock { change(&$0.counters) } }

    /// How many messages wait in a queue, as of the last commit.
    func length(of queue: String) -> Int { state.withLock { $0.lengths[queue] ?? 0 } }

    /// How many wait in each.
    var lengths: [String: Int] { state.withLock { $0.lengths } }

    var messages: Int { state.withLock { $0.messages } }
    var bytes: Int { state.withLock { $0.bytes } }
    var valueBytes: Int { state.withLock { $0.valueBytes } }

    var counters: BrokerCounters {
        state.withLock { state in
            var counters = state.counters
            counters.messages = state.messages
            counters.resultBytes = state.valueBytes
            return counters
        }
    }
}

/// What a broker has done, and what it holds.
public struct BrokerCounters: Sendable, Hashable {
    /// Connections that are open, and those of them that wait for a message.
    public var connections = 0
    public var waiting = 0
    /// Messages in queues and with workers, and members of sets.
    public var messages = 0
    /// Messages that workers have.
    public var taken = 0
    public var resultBytes = 0
    /// Messages that came, were given out, and were put back when their worker was gone.
    public var pushed = 0
    public var delivered = 0
    public var returned = 0
    /// Results that had to go before their time.
    public var evicted = 0
    /// Commands and scripts that the broker does not know.
    public var unknown = 0
}

/// How much a broker takes.
public struct BrokerLimits: Sendable {
    /// Connections at once.
    public var connections = 1000
    /// Bytes of one command.
    public var commandBytes = 1 << 20
    /// Messages in queues and with workers, and members of sets.
    public var messages = 1_000_000
    /// Their bytes.
    public var bytes = 1 << 30
    /// Bytes of results and other values: the oldest that would expire anyway go first.
    public var valueBytes = 256 << 20
    /// Channels and patterns of one connection, and commands of one transaction.
    public var subscriptions = 1024
    public var queued = 4096
    /// Bytes that a subscriber may be behind with.
    public var behind = 8 << 20

    public init() {}
}
