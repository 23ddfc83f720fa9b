import CraneRESP
import CraneSQLite

/// Why a command is not done, in the words that its client reads.
struct CommandError: Error {
    let text: String

    init(_ text: String) { self.text = text }

    static let wrongType = CommandError(
        "WRONGTYPE Operation against a key holding the wrong kind of value")
    static let notAnInteger = CommandError("ERR value is not an integer or out of range")
    static let notANumber = CommandError("ERR value is not a valid float")
    static let syntax = CommandError("ERR syntax error")
    static let full = CommandError("OOM command not allowed: the broker holds as much as it may")
}

/// The keys of a broker, as the tables have them, within one transaction or one read.
struct KeySpace {
    /// What a key is the name of. A queue has a row only while it has an end in time.
    enum Kind: Int {
        case string = 1
        case list = 2
        case set = 3
        case sortedSet = 4
    }

    struct Key {
        let id: Int
        let kind: Kind
        let expiresAt: Int?
    }

    /// What is found under a name.
    enum Found {
        case nothing
        /// A key whose time is over, which a writing command removes.
        case expired
        case key(Key)
    }

    let connection: Connection
    /// The number of the Redis database, and a slash.
    let prefix: String
    /// Microseconds since 1970.
    let now: Int
    let tally: BrokerTally
    /// What has changed, for those outside to hear of when it is on the disk.
    var changes = BrokerChanges()
    /// The messages that are given to a worker here.
    var taken: [Int] = []

    init(_ connection: Connection, database: Int, now: Int, tally: BrokerTally) {
        self.connection = connection
        self.now = now
        self.tally = tally
        prefix = "\(database)/"
    }

    /// The name of a key as it stands in the tables.
    func name(_ key: [UInt8]) throws -> String {
        guard key.count <= 1024 else { throw CommandError("ERR a key that is longer than 1024 bytes") }
        guard let text = String(validating: key, as: UTF8.self) else {
            throw CommandError("ERR a key that is not UTF-8")
        }
        return prefix + text
    }

    // MARK: Any key

    func find(_ name: String) throws -> Found {
        let statement = try connection.prepare(
            "SELECT id, kind, expires_at FROM celery_key WHERE name = :name")
        try statement.bind("name", name)
        guard try statement.step() else { return .nothing }
        guard let kind = Kind(rawValue: try statement.int("kind")) else { return .nothing }
        let expiresAt = try statement.isNull("expires_at") ? nil : try statement.int("expires_at")
        if let expiresAt, expiresAt <= now { return .expired }
        return .key(Key(id: try statement.int("id"), kind: kind, expiresAt: expiresAt))
    }

    /// The key of this kind, if it is there.
    func key(_ name: String, _ kind: Kind) throws -> Key? {
        guard case .key(let key) = try find(name) else { return nil }
        guard key.kind == kind else { throw CommandError.wrongType }
        return key
    }

    /// The same for a command that writes: what has expired goes first.
    mutating func keyForWriting(_ name: String, _ kind: Kind) throws -> Key? {
        switch try find(name) {
        case .nothing: return nil
        case .expired:
            try remove(name)
            return nil
        case .key(let key):
            guard key.kind == kind else { throw CommandError.wrongType }
            return key
        }
    }

    /// The same, made when it is missing.
    mutating func keyMade(_ name: String, _ kind: Kind) throws -> Key {
        if let key = try keyForWriting(name, kind) { return key }
        let statement = try connection.prepare("INSERT INTO celery_key (name, kind) VALUES (:name, :kind)")
        try statement.bind("name", name)
        try statement.bind("kind", kind.rawValue)
        try statement.run()
        return Key(id: Int(connection.lastInsertRowID), kind: kind, expiresAt: nil)
    }

    func exists(_ name: String) throws -> Bool {
        switch try find(name) {
        case .expired: false
        case .key(let key) where key.kind != .list: true
        default: try hasMessages(name)
        }
    }

    /// Removes a key with all that it names; whether there was something.
    @discardableResult
    mutating func remove(_ name: String) throws -> Bool {
        changes.touched.append(name)
        let key = try connection.prepare(
            "DELETE FROM celery_key WHERE name = :name RETURNING id, kind, length(value) AS bytes")
        try key.bind("name", name)
        var isThere = false
        if try key.step() {
            isThere = try key.int("kind") != Kind.list.rawValue
            changes.valueBytes -= try key.int("bytes")
            key.reset()
        }
        let messages = try connection.prepare(
            "DELETE FROM celery_message WHERE queue = :name AND taken_at IS NULL RETURNING length(body) AS bytes"
        )
        try messages.bind("name", name)
        while try messages.step() {
            isThere = true
            changes.messages -= 1
            changes.lengths[name, default: 0] -= 1
            changes.bytes -= try messages.int("bytes")
        }
        return isThere
    }

    /// Has a key end at a time; false where there is none.
    mutating func expire(_ name: String, at time: Int) throws -> Bool {
        guard try exists(name) else {
            if case .expired = try find(name) { try remove(name) }
            return false
        }
        guard time > now else { return try remove(name) }
        changes.touched.append(name)
        let statement = try connection.prepare(
            """
            INSERT INTO celery_key (name, kind, expires_at) VALUES (:name, :kind, :expires_at)
            ON CONFLICT (name) DO UPDATE SET expires_at = :expires_at
            """)
        try statement.bind("name", name)
        // One without a row is a queue.
        try statement.bind("kind", Kind.list.rawValue)
        try statement.bind("expires_at", time)
        try statement.run()
        return true
    }

    /// Removes some of what has expired; how many keys those were.
    mutating func sweep(limit: Int) throws -> Int {
        let statement = try connection.prepare(
            "SELECT name FROM celery_key WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit")
        try statement.bind("now", now)
        try statement.bind("limit", limit)
        var names: [String] = []
        while try statement.step() { names.append(try statement.text("name")) }
        for name in names { try remove(name) }
        return names.count
    }

    // MARK: Strings

    func value(_ name: String) throws -> [UInt8]? {
        guard let key = try key(name, .string) else { return nil }
        let statement = try connection.prepare("SELECT value FROM celery_key WHERE id = :id")
        try statement.bind("id", key.id)
        return try statement.step() ? try statement.blob("value") : nil
    }

    mutating func set(_ name: String, _ value: [UInt8], expiresAt: Int? = nil) throws {
        try remove(name)
        try makeRoom(for: value.count)
        let statement = try connection.prepare(
            "INSERT INTO celery_key (name, kind, value, expires_at) VALUES (:name, :kind, :value, :expires_at)"
        )
        try statement.bind("name", name)
        try statement.bind("kind", Kind.string.rawValue)
        try statement.bind("value", value)
        try statement.bind("expires_at", expiresAt)
        try statement.run()
        changes.valueBytes += value.count
    }

    /// Lets the oldest values go that would expire anyway, when all take more than they may.
    private mutating func makeRoom(for bytes: Int) throws {
        while tally.valueBytes + changes.valueBytes + bytes > tally.limits.valueBytes {
            let statement = try connection.prepare(
                """
                DELETE FROM celery_key WHERE id IN (
                    SELECT id FROM celery_key WHERE kind = 1 AND expires_at IS NOT NULL ORDER BY id LIMIT 16
                ) RETURNING length(value) AS bytes
                """)
            var evicted = 0
            while try statement.step() {
                evicted += 1
                changes.valueBytes -= try statement.int("bytes")
            }
            changes.evicted += evicted
            if evicted == 0 { throw CommandError.full }
        }
    }

    mutating func increment(_ name: String, by amount: Int) throws -> Int {
        var number = 0
        var expiresAt: Int?
        if let key = try keyForWriting(name, .string) {
            expiresAt = key.expiresAt
            let text = String(decoding: try value(name) ?? [], as: UTF8.self)
            guard let known = Int(text) else { throw CommandError.notAnInteger }
            number = known
        }
        let (sum, isOver) = number.addingReportingOverflow(amount)
        guard !isOver else { throw CommandError("ERR increment or decrement would overflow") }
        try set(name, Array("\(sum)".utf8), expiresAt: expiresAt)
        return sum
    }

    /// The number of a word that is one.
    static func integer(_ word: [UInt8]) throws -> Int {
        guard word.count < 20, let number = Int(String(decoding: word, as: UTF8.self)) else {
            throw CommandError.notAnInteger
        }
        return number
    }
}
