import CraneHTTP
import CraneLoop
import CraneRESP
import CraneSQLite
import CraneSystem
import Logging

/// What a broker is made of: its loop, connections, lines and channels. Loop's thread only, unless said otherwise.
final class BrokerCore: @unchecked Sendable {
    let events: EventLoop
    let configuration: CeleryBroker.Configuration
    let logger: Logger
    // Any thread.
    let tally: BrokerTally
    let watches = BrokerWatches()
    let database: Database
    private let idle = OneTimeEvent()

    let lines: QueueLines
    let channels = BrokerChannels()
    /// Scripts that clients have loaded, by their SHA-1.
    var scripts: [String: BrokerScript] = [:]
    private var listener: StreamListener?
    private var connections: [ObjectIdentifier: BrokerConnection] = [:]
    private var lastID = 0
    /// Which connection has taken a message.
    var owners: [Int: BrokerConnection] = [:]
    /// Messages that were with workers when the last process ended.
    var inherited: Set<Int> = []
    private var isDraining = false
    /// What is unknown and has been told.
    private var told: Set<String> = []
    /// When a failure of the database was told of last, in the loop's milliseconds.
    var failureTold: UInt64?

    init(_ database: Database, _ configuration: CeleryBroker.Configuration, _ logger: Logger) throws {
        self.database = database
        self.configuration = configuration
        self.logger = logger
        let tally = BrokerTally(configuration.limits)
        self.tally = tally
        events = try EventLoop(index: configuration.loopIndex)
        lines = QueueLines { tally.length(of: $0) }
    }

    // MARK: Life

    /// Counts what is there, and forgets what was not to outlive the last process; before the loop runs.
    func recover() throws {
        inherited = try database.transaction { [tally] connection in
            try connection.prepare("DELETE FROM celery_message WHERE is_transient").run()
            let messages = try connection.prepare(
                """
                SELECT coalesce(max(id), 0) AS highest, count(*) AS number, coalesce(sum(length(body)), 0) AS bytes
                FROM celery_message
                """)
            let members = try connection.prepare(
                "SELECT count(*) AS number, coalesce(sum(length(member)), 0) AS bytes FROM celery_member")
            let values = try connection.prepare(
                "SELECT coalesce(sum(length(value)), 0) AS bytes FROM celery_key WHERE kind = 1")
            guard try messages.step(), try members.step(), try values.step() else { return [] }
            let queues = try connection.prepare(
                "SELECT queue, count(*) AS number FROM celery_message WHERE taken_at IS NULL GROUP BY queue")
            var lengths: [String: Int] = [:]
            while try queues.step() { lengths[try queues.text("queue")] = try queues.int("number") }
            tally.begin(
                highestID: try messages.int("highest"),
                messages: try messages.int("number") + members.int("number"),
                bytes: try messages.int("bytes") + members.int("bytes"), valueBytes: try values.int("bytes"),
                lengths: lengths)
            let taken = try connection.prepare("SELECT id FROM celery_message WHERE taken_at IS NOT NULL")
            var ids: Set<Int> = []
            while try taken.step() { ids.insert(try taken.int("id")) }
            return ids
        }
        database.observeCommits { [weak self, tally] notes, _ in
            for case let changes as BrokerChanges in notes {
                tally.add(changes)
                self?.events.execute { [weak self] in self?.hear(changes) }
            }
        }
    }

    /// Listens; before the loop runs.
    func listen() throws -> BrokerAddress {
        switch configuration.address {
        case .unix(let path):
            try serve(ListeningSocket.bind(unixPath: path))
            return configuration.address
        case .host(let host, let port):
            // Of a name's addresses the first that this machine has.
            var failure = UVError.invalid
            for candidate in try SocketAddress.resolve(host: host, port: port) {
                do throws(UVError) {
                    let socket = try ListeningSocket.bind(candidate, sharesPort: false)
                    let port = socket.address?.port ?? port
                    try serve(socket)
                    return .host(host, port: port)
                } catch {
                    failure = error
                }
            }
            throw failure
        }
    }

    private func serve(_ socket: consuming ListeningSocket) throws(UVError) {
        listener = try StreamListener(
            on: socket, loop: events, backlog: 512,
            makeConnection: { [unowned self] in BrokerConnection(self) },
            failed: { [logger] error in logger.warning("the broker could not accept a connection: \(error)")
            })
    }

    func begin() {
        let grace = configuration.grace
        if !inherited.isEmpty {
            events.startTask { [self] in
                guard (try? await events.sleep(for: grace)) != nil else { return }
                await putBack { self.inherited }
            }
        }
        events.startTask { [self] in
            while !isDraining {
                guard (try? await events.sleep(for: .seconds(30))) != nil else { return }
                await sweep()
            }
        }
    }

    /// Takes no further connections, and ends those that have nothing under way.
    func drain() {
        guard !isDraining else { return }
        isDraining = true
        listener?.close()
        listener = nil
        for connection in connections.values { connection.drain() }
        noteIdle()
    }

    /// Ends the loop when nothing is under way, or in some seconds; from another thread.
    func end() {
        events.execute { [self] in
            drain()
            events.startTask { [self] in
                let patience = events.startTask { [self] in
                    if (try? await events.sleep(for: .seconds(3))) != nil { idle.happen() }
                }
                await idle.waitRegardless()
                patience.cancel()
                events.stop()
            }
        }
    }

    private func noteIdle() {
        if isDraining, connections.isEmpty { idle.happen() }
    }

    // MARK: Connections

    /// Whether there is room for one more.
    func admit(_ connection: BrokerConnection) -> Bool {
        guard !isDraining, connections.count < configuration.limits.connections else { return false }
        connections[ObjectIdentifier(connection)] = connection
        countConnections()
        return true
    }

    func nextConnectionID() -> Int {
        lastID += 1
        return lastID
    }

    /// A connection is closed: what it has taken goes back in a while, unless it is acknowledged by another.
    func left(_ connection: BrokerConnection) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        countConnections()
        channels.leave(connection)
        noteIdle()
        guard !connection.taken.isEmpty else { return }
        let grace = configuration.grace
        events.startTask { [self] in
            // Where the broker ends first, the next one waits that long.
            guard (try? await events.sleep(for: grace)) != nil else { return }
            await putBack { connection.taken }
        }
    }

    func countConnections() {
        let (open, taken) = (connections.count, owners.count + inherited.count)
        tally.count { ($0.connections, $0.taken) = (open, taken) }
    }

    /// A connection is given messages; one that has closed meanwhile has not seen them.
    func gave(_ ids: [Int], to connection: BrokerConnection) {
        guard !ids.isEmpty else { return }
        for id in ids { owners[id] = connection }
        connection.taken.formUnion(ids)
        countConnections()
        guard !connection.isOpen else { return }
        events.startTask { [self] in await putBack { connection.taken } }
    }

    /// Hears of a commit.
    private func hear(_ changes: BrokerChanges) {
        for id in changes.released {
            owners.removeValue(forKey: id)?.taken.remove(id)
            inherited.remove(id)
        }
        if !changes.released.isEmpty { countConnections() }
        for (name, change) in changes.lengths where change > 0 { lines.settle(name) }
    }

    /// Tells once of what is not known, and counts each time.
    func tellUnknown(_ what: String, _ name: String, of connection: BrokerConnection) {
        tally.count { $0.unknown += 1 }
        guard told.count < 256, told.insert("\(what) \(name)").inserted else { return }
        logger.warning(
            "the broker knows no such \(what)",
            metadata: ["\(what)": "\(name)", "client": "\(connection.peerDescription)"])
    }
}
