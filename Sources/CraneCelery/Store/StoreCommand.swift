import CraneRESP

/// A command on the broker's keys.
struct StoreCommand: Sendable {
    /// How many words it has, with its name.
    let words: ClosedRange<Int>
    /// Whether it may change something, and so is a write.
    let changes: @Sendable (_ words: [[UInt8]]) -> Bool
    let run: @Sendable (_ keys: inout KeySpace, _ call: StoreCall) throws -> RESPValue

    private init(
        _ words: ClosedRange<Int>, changes: @escaping @Sendable ([[UInt8]]) -> Bool,
        _ run: @escaping @Sendable (inout KeySpace, StoreCall) throws -> RESPValue
    ) {
        (self.words, self.changes, self.run) = (words, changes, run)
    }

    static func reads(
        _ words: ClosedRange<Int>,
        _ run: @escaping @Sendable (inout KeySpace, StoreCall) throws -> RESPValue
    ) -> StoreCommand {
        StoreCommand(words, changes: { _ in false }, run)
    }

    static func writes(
        _ words: ClosedRange<Int>, unless isQuiet: @escaping @Sendable ([[UInt8]]) -> Bool = { _ in false },
        _ run: @escaping @Sendable (inout KeySpace, StoreCall) throws -> RESPValue
    ) -> StoreCommand {
        StoreCommand(words, changes: { !isQuiet($0) }, run)
    }

    /// By their names in capitals.
    static let all: [String: StoreCommand] = general.merging(collections) { first, _ in first }

    private static let many = 2...Int.max

    private static let general: [String: StoreCommand] = [
        "GET": .reads(2...2) { keys, call in try keys.value(keys.name(call[1])).map { .bulk($0) } ?? .null },
        "MGET": .reads(many) { keys, call in
            .array(try call.rest(1).map { try keys.value(keys.name($0)).map { .bulk($0) } ?? .null })
        },
        "SET": .writes(3...8) { keys, call in try set(&keys, call) },
        "SETEX": .writes(4...4) { keys, call in
            let seconds = try KeySpace.integer(call[2])
            guard (1...maximumSeconds).contains(seconds) else {
                throw CommandError("ERR invalid expire time in 'setex' command")
            }
            try keys.set(keys.name(call[1]), call[3], expiresAt: keys.now + seconds * 1_000_000)
            return .ok
        },
        "DEL": .writes(many) { keys, call in
            .integer(try call.rest(1).reduce(0) { $0 + (try keys.remove(keys.name($1)) ? 1 : 0) })
        },
        "EXISTS": .reads(many) { keys, call in
            .integer(try call.rest(1).reduce(0) { $0 + (try keys.exists(keys.name($1)) ? 1 : 0) })
        },
        "EXPIRE": .writes(3...3) { keys, call in try expire(&keys, call, unit: 1_000_000) },
        "PEXPIRE": .writes(3...3) { keys, call in try expire(&keys, call, unit: 1000) },
        "INCR": .writes(2...2) { keys, call in .integer(try keys.increment(keys.name(call[1]), by: 1)) },
        "INCRBY": .writes(3...3) { keys, call in
            .integer(try keys.increment(keys.name(call[1]), by: KeySpace.integer(call[2])))
        },
    ]

    private static let collections: [String: StoreCommand] = [
        "LPUSH": .writes(3...Int.max) { keys, call in
            .integer(try keys.push(call.messages, into: keys.name(call[1]), at: .left))
        },
        "RPUSH": .writes(3...Int.max) { keys, call in
            .integer(try keys.push(call.messages, into: keys.name(call[1]), at: .right))
        },
        "RPOP": .writes(2...2) { keys, call in
            try keys.pop([keys.name(call[1])]).map { .bulk($0.body) } ?? .null
        },
        // Within a transaction nothing waits.
        "BRPOP": .writes(3...Int.max) { keys, call in
            let names = call.rest(1).dropLast()
            guard let (queue, body) = try keys.pop(names.map { try keys.name($0) }) else { return .nullArray }
            return .array([.bulk(call[1 + queue]), .bulk(body)])
        },
        "LLEN": .reads(2...2) { keys, call in
            let name = try keys.name(call[1])
            if case .expired = try keys.find(name) { return .integer(0) }
            _ = try keys.key(name, .list)
            return .integer(keys.length(of: name))
        },
        "LRANGE": .reads(4...4) { keys, call in
            let name = try keys.name(call[1])
            if case .expired = try keys.find(name) { return .array([]) }
            let (first, last) = (try KeySpace.integer(call[2]), try KeySpace.integer(call[3]))
            return .array(try keys.messages(ofQueue: name, from: first, to: last).map { .bulk($0) })
        },
        "SADD": .writes(3...Int.max) { keys, call in
            let name = try keys.name(call[1])
            try keys.checkRoom(messages: call.words.count - 2, bytes: 0)
            let key = try keys.keyMade(name, .set)
            return .integer(try call.rest(2).reduce(0) { $0 + (try keys.add($1, to: key, name) ? 1 : 0) })
        },
        "SREM": .writes(3...Int.max) { keys, call in try removeMembers(&keys, call, .set) },
        "SMEMBERS": .reads(2...2) { keys, call in
            guard let key = try keys.key(keys.name(call[1]), .set) else { return .set([]) }
            return .set(try keys.members(key).map { .bulk($0.member) })
        },
        // The messages with workers: what kombu keeps of them itself is in the broker's own table already.
        "HSET": .reads(4...Int.max) { keys, call in
            guard call.words.count.isMultiple(of: 2) else { throw CommandError.syntax }
            return .integer((call.words.count - 2) / 2)
        },
        "HGET": .reads(3...3) { keys, call in
            try keys.taken(String(decoding: call[2], as: UTF8.self)).map { .bulk($0) } ?? .null
        },
        "HDEL": .writes(3...Int.max) { keys, call in
            .integer(
                try call.rest(2).reduce(0) {
                    $0 + (try keys.acknowledge(String(decoding: $1, as: UTF8.self)) ? 1 : 0)
                })
        },
        "ZADD": .writes(4...Int.max, unless: isOfTaken) { keys, call in try addScored(&keys, call) },
        "ZREM": .writes(3...Int.max, unless: isOfTaken) { keys, call in
            guard !isOfTaken(call.words) else {
                return .integer(
                    try call.rest(2).reduce(0) {
                        $0 + (try keys.isTaken(String(decoding: $1, as: UTF8.self)) ? 1 : 0)
                    })
            }
            return try removeMembers(&keys, call, .sortedSet)
        },
        "ZRANGE": .reads(4...12) { keys, call in try range(keys, call) },
        "ZREVRANGEBYSCORE": .reads(4...9) { keys, call in
            try scored(keys, call, high: call[2], low: call[3], isReversed: true, options: call.rest(4))
        },
        "ZCOUNT": .reads(4...4) { keys, call in
            guard let key = try keys.key(keys.name(call[1]), .sortedSet) else { return .integer(0) }
            return .integer(try keys.memberCount(key, from: bound(call[2], 1), to: bound(call[3], -1)))
        },
        "EVALSHA": .writes(3...Int.max) { keys, call in
            guard let script = call.script else {
                throw CommandError("NOSCRIPT No matching script. Please use EVAL.")
            }
            let count = try KeySpace.integer(call[2])
            guard (0...call.words.count - 3).contains(count) else {
                throw CommandError("ERR Number of keys can't be greater than number of args")
            }
            return try keys.run(
                script, keys: Array(call.rest(3).prefix(count)), Array(call.rest(3).dropFirst(count)))
        },
    ]

    /// Ten years.
    private static let maximumSeconds = 10 * 366 * 86400

    /// Whether a command's key is the index of the messages with workers, which the broker keeps itself.
    private static func isOfTaken(_ words: [[UInt8]]) -> Bool {
        words[1].suffix(13).elementsEqual("unacked_index".utf8)
    }

    private static func set(_ keys: inout KeySpace, _ call: StoreCall) throws -> RESPValue {
        let name = try keys.name(call[1])
        var (isNew, isOld) = (false, false)
        var expiresAt: Int?
        var options = call.rest(3)
        while let option = options.popFirst() {
            switch String(decoding: option, as: UTF8.self).uppercased() {
            case "NX": isNew = true
            case "XX": isOld = true
            case let unit where unit == "EX" || unit == "PX":
                guard let word = options.popFirst() else { throw CommandError.syntax }
                let time = try KeySpace.integer(word)
                let longest = unit == "EX" ? maximumSeconds : maximumSeconds * 1000
                guard (1...longest).contains(time) else {
                    throw CommandError("ERR invalid expire time in 'set' command")
                }
                expiresAt = keys.now + time * (unit == "EX" ? 1_000_000 : 1000)
            default: throw CommandError.syntax
            }
        }
        if isNew || isOld, try keys.exists(name) != isOld { return .null }
        try keys.set(name, call[2], expiresAt: expiresAt)
        return .ok
    }

    private static func expire(_ keys: inout KeySpace, _ call: StoreCall, unit: Int) throws -> RESPValue {
        let time = try KeySpace.integer(call[2])
        guard time.magnitude <= UInt(maximumSeconds * (1_000_000 / unit)) else {
            throw CommandError("ERR invalid expire time")
        }
        return .integer(try keys.expire(keys.name(call[1]), at: keys.now + time * unit) ? 1 : 0)
    }

    private static func removeMembers(
        _ keys: inout KeySpace, _ call: StoreCall, _ kind: KeySpace.Kind
    ) throws -> RESPValue {
        let name = try keys.name(call[1])
        guard let key = try keys.keyForWriting(name, kind) else { return .integer(0) }
        return .integer(try keys.removeMembers(call.rest(2), from: key, name))
    }

    private static func addScored(_ keys: inout KeySpace, _ call: StoreCall) throws -> RESPValue {
        var words = call.rest(2)
        if isOfTaken(call.words) { return .integer(words.count / 2) }
        var comparison = KeySpace.Comparison.always
        if let first = words.first, String(decoding: first, as: UTF8.self).uppercased() == "GT" {
            comparison = .greater
            words = words.dropFirst()
        }
        guard !words.isEmpty, words.count.isMultiple(of: 2) else { throw CommandError.syntax }
        let name = try keys.name(call[1])
        try keys.checkRoom(messages: words.count / 2, bytes: 0)
        let key = try keys.keyMade(name, .sortedSet)
        var added = 0
        while let score = words.popFirst(), let member = words.popFirst() {
            added += try keys.add(member, score: KeySpace.score(score), comparison, to: key, name) ? 1 : 0
        }
        return .integer(added)
    }

    private static func range(_ keys: KeySpace, _ call: StoreCall) throws -> RESPValue {
        var options = call.rest(4)
        let words = options.map { String(decoding: $0, as: UTF8.self).uppercased() }
        let isReversed = words.contains("REV")
        if words.contains("BYSCORE") {
            let (high, low) = isReversed ? (call[2], call[3]) : (call[3], call[2])
            options =
                options.filter {
                    !["REV", "BYSCORE"].contains(String(decoding: $0, as: UTF8.self).uppercased())
                }[...]
            return try scored(keys, call, high: high, low: low, isReversed: isReversed, options: options)
        }
        guard words.allSatisfy({ $0 == "REV" || $0 == "WITHSCORES" }) else { throw CommandError.syntax }
        guard !isOfTaken(call.words), let key = try keys.key(keys.name(call[1]), .sortedSet) else {
            return .array([])
        }
        let number = try keys.memberCount(key)
        let (first, last) = (try KeySpace.integer(call[2]), try KeySpace.integer(call[3]))
        let start = max(0, first < 0 ? first + number : first)
        let end = min(number - 1, last < 0 ? last + number : last)
        guard start <= end else { return .array([]) }
        let rows = try keys.members(key, isReversed: isReversed, offset: start, limit: end - start + 1)
        return answer(rows, withScores: words.contains("WITHSCORES"), call.version)
    }

    private static func scored(
        _ keys: KeySpace, _ call: StoreCall, high: [UInt8], low: [UInt8], isReversed: Bool,
        options: ArraySlice<[UInt8]>
    ) throws -> RESPValue {
        var options = options
        var (offset, limit, withScores) = (0, -1, false)
        while let option = options.popFirst() {
            switch String(decoding: option, as: UTF8.self).uppercased() {
            case "WITHSCORES": withScores = true
            case "LIMIT":
                guard let first = options.popFirst(), let second = options.popFirst() else {
                    throw CommandError.syntax
                }
                (offset, limit) = (try KeySpace.integer(first), try KeySpace.integer(second))
            default: throw CommandError.syntax
            }
        }
        let (from, to) = (try bound(low, 1), try bound(high, -1))
        // No message with a worker is overdue: the broker itself puts back what a worker had that is gone.
        guard !isOfTaken(call.words), let key = try keys.key(keys.name(call[1]), .sortedSet) else {
            return .array([])
        }
        let rows = try keys.members(
            key, from: from, to: to, isReversed: isReversed, offset: offset, limit: limit)
        return answer(rows, withScores: withScores, call.version)
    }

    private static func answer(
        _ rows: [(member: [UInt8], score: Double)], withScores: Bool, _ version: RESPVersion
    ) -> RESPValue {
        guard withScores else { return .array(rows.map { .bulk($0.member) }) }
        if version == .three { return .array(rows.map { .array([.bulk($0.member), .double($0.score)]) }) }
        return .array(rows.flatMap { [.bulk($0.member), .double($0.score)] })
    }

    /// The bound of a range of scores; one that begins with `(` is the next number, upwards for 1 and downwards for -1.
    private static func bound(_ word: [UInt8], _ direction: Int) throws -> Double {
        guard word.first == UInt8(ascii: "(") else { return try KeySpace.score(word) }
        let score = try KeySpace.score(Array(word.dropFirst()))
        return direction > 0 ? score.nextUp : score.nextDown
    }
}

/// A command with its words, and what of it was read before it came to the tables.
struct StoreCall: Sendable {
    let command: StoreCommand
    let words: [[UInt8]]
    let version: RESPVersion
    /// What a push brings.
    var messages: [NewMessage] = []
    /// The script that `EVALSHA` names.
    var script: BrokerScript?

    subscript(index: Int) -> [UInt8] { words[index] }

    func rest(_ index: Int) -> ArraySlice<[UInt8]> { words[index...] }
}
