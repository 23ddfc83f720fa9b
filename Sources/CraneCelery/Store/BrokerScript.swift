import CraneHTTP
import CraneRESP

/// The scripts that redis-py, kombu and Celery send to a Redis. They are known by their text, and nothing else is run.
enum BrokerScript: String, CaseIterable {
    // redis-py, lock.py
    case releaseLock = "2aef8d7ce63503709a01cbf6ad6bb4b93d5c3909"
    case extendLock = "829408cc83d4524666232bd8beebe3bcf873ac70"
    case reacquireLock = "042112cf75a3fdabb4e02600ce494eff4b2d2906"
    // kombu 5.7, transport/redis.py
    case refreshBinding = "abc5172f4085e51959a895e8796074680b68349d"
    case sweepBindings = "c258d078c022e45d37f66fef2cc31538484de964"
    // Celery 5.7, backends/redis.py
    case chordPartReturned = "5ad8a8ca639f3051d7d2fa3406a501f57f542593"
    case chordCleanup = "89c6e0b9d547403b2d6b816f0f0ab948fb7fb634"
    case chordClaimExtend = "b831d5c9eba2b4a82920cd7d10358ab9503c57a1"

    /// The script whose text this is, whatever its comments and blanks; `nil` for one that is not known.
    init?(text: [UInt8]) {
        self.init(rawValue: Self.digest(Self.plain(text)))
    }

    /// SHA-1 in hexadecimal digits, as `EVALSHA` names a script.
    static func digest(_ text: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(SHA1.digest(text).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// Without comments, and with one blank for many.
    private static func plain(_ text: [UInt8]) -> [UInt8] {
        let words = String(decoding: text, as: UTF8.self).split(separator: "\n").flatMap { line in
            var code = line[...]
            for place in line.indices where line[place...].hasPrefix("--") {
                code = line[..<place]
                break
            }
            return code.split(whereSeparator: \.isWhitespace)
        }
        return Array(words.joined(separator: " ").utf8)
    }

    /// How many keys and arguments it takes.
    var size: (keys: Int, arguments: Int) {
        switch self {
        case .releaseLock: (1, 1)
        case .extendLock: (1, 3)
        case .reacquireLock: (1, 2)
        case .refreshBinding: (2, 3)
        case .sweepBindings: (1, 3)
        case .chordPartReturned: (6, 8)
        case .chordCleanup: (5, 2)
        case .chordClaimExtend: (2, 2)
        }
    }
}

extension KeySpace {
    /// Does what a script says.
    mutating func run(_ script: BrokerScript, keys: [[UInt8]], _ words: [[UInt8]]) throws -> RESPValue {
        let (keyCount, wordCount) = script.size
        guard keys.count >= keyCount, words.count >= wordCount else {
            throw CommandError("ERR a script with too few keys or arguments")
        }
        let names = try keys.map { try name($0) }
        switch script {
        case .releaseLock:
            guard try value(names[0]) == words[0] else { return .integer(0) }
            try remove(names[0])
            return .integer(1)
        case .extendLock: return try extendLock(names[0], words)
        case .reacquireLock:
            guard try value(names[0]) == words[0] else { return .integer(0) }
            _ = try expire(names[0], at: now + Self.integer(words[1]) * 1000)
            return .integer(1)
        case .refreshBinding:
            let table = try keyMade(names[0], .set)
            _ = try add(words[0], to: table, names[0])
            let deadlines = try keyMade(names[1], .sortedSet)
            let deadline = Double(now / 1000 + (try Self.integer(words[2])))
            _ = try add(words[1], score: deadline, .greater, to: deadlines, names[1])
            return .null
        case .sweepBindings: return try sweepBindings(names[0], words)
        case .chordPartReturned: return try chordPartReturned(names, words)
        case .chordCleanup:
            guard try value(names[0]) == words[0] else { return .integer(0) }
            for name in names[1...4] { try remove(name) }
            let seconds = try Self.integer(words[1])
            if seconds > 0 { try set(names[0], Array("done".utf8), expiresAt: now + seconds * 1_000_000) }
            return .integer(1)
        case .chordClaimExtend:
            let end = now + (try Self.integer(words[1])) * 1_000_000
            let holder = try value(names[0])
            if holder == words[0] { return .integer(try expire(names[0], at: end) ? 1 : 0) }
            guard holder == nil, try exists(names[1]) else { return .integer(0) }
            try set(names[0], words[0], expiresAt: end)
            return .integer(1)
        }
    }

    private mutating func extendLock(_ name: String, _ words: [[UInt8]]) throws -> RESPValue {
        guard try value(name) == words[0], let lock = try key(name, .string), let end = lock.expiresAt else {
            return .integer(0)
        }
        let more = try Self.integer(words[1]) * 1000
        let isAdded = words[2].elementsEqual([UInt8(ascii: "0")])
        _ = try expire(name, at: isAdded ? end + more : now + more)
        return .integer(1)
    }

    private mutating func sweepBindings(_ name: String, _ words: [[UInt8]]) throws -> RESPValue {
        guard let deadlines = try keyForWriting(name, .sortedSet) else { return .integer(0) }
        let limit = try Self.integer(words[2])
        let overdue = try members(deadlines, to: Double(now / 1000), limit: min(max(limit, 0), 1000))
        for (exchange, _) in overdue {
            if try !exists(self.name(words[1] + exchange)) { try remove(self.name(words[0] + exchange)) }
        }
        _ = try removeMembers(overdue.map(\.member), from: deadlines, name)
        return .integer(overdue.count)
    }

    /// Counts a part of a chord once, and says whether the caller is the one that calls the chord's body.
    private mutating func chordPartReturned(_ names: [String], _ words: [[UInt8]]) throws -> RESPValue {
        let (parts, total, size, seen, group, claim) = (
            names[0], names[1], names[2], names[3], names[4], names[5]
        )
        let isOrdered = words[2].elementsEqual([UInt8(ascii: "1")])
        if try value(claim) == Array("done".utf8) {
            return .array([.integer(-1), .integer(0), .integer(0), .integer(0)])
        }
        let member = words[0] + Array(":".utf8) + words[3]
        let known = try keyMade(seen, .set)
        if try add(member, to: known, seen) {
            if isOrdered {
                let scores = try keyMade(parts, .sortedSet)
                _ = try add(words[1], score: Self.score(words[3]), to: scores, parts)
            } else {
                _ = try push([NewMessage(words[1])], into: parts, at: .right)
            }
        }
        let ready: Int
        if isOrdered {
            ready = try key(parts, .sortedSet).map { try memberCount($0) } ?? 0
        } else {
            ready = try count(of: parts)
        }
        let (seconds, groupSeconds) = (try Self.integer(words[4]), try Self.integer(words[5]))
        if seconds > 0 {
            for name in [parts, total, size, seen] { _ = try expire(name, at: now + seconds * 1_000_000) }
            if groupSeconds > 0 { _ = try expire(group, at: now + groupSeconds * 1_000_000) }
        }
        let (difference, whole) = (try value(total), try value(size))
        var isClaimed = false
        if let whole, ready == (try Self.integer(whole)) + (try difference.map { try Self.integer($0) } ?? 0),
            try !exists(claim)
        {
            try set(claim, words[7], expiresAt: now + (try Self.integer(words[6])) * 1_000_000)
            isClaimed = true
        }
        return .array([
            .integer(ready), difference.map { .bulk($0) } ?? .null, whole.map { .bulk($0) } ?? .null,
            .integer(isClaimed ? 1 : 0),
        ])
    }

    /// A score: a number, or an infinite one.
    static func score(_ word: [UInt8]) throws -> Double {
        switch String(decoding: word, as: UTF8.self).lowercased() {
        case "+inf", "inf": return .infinity
        case "-inf": return -.infinity
        case let text:
            guard text.utf8.count < 64, let number = Double(text), !number.isNaN else {
                throw CommandError.notANumber
            }
            return number
        }
    }
}
