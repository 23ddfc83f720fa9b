import CraneRESP
import CraneSQLite

// Sets, and sets whose members have scores.
extension KeySpace {
    /// Members that one answer gives at most.
    static let longestAnswer = 100_000

    /// How scores are compared by `ZADD`.
    enum Comparison {
        case always
        /// Only a higher score takes a lower one's place.
        case greater
    }

    mutating func add(_ member: [UInt8], to key: Key, _ name: String) throws -> Bool {
        try put(member, 0, .always, key, name)
    }

    mutating func add(
        _ member: [UInt8], score: Double, _ comparison: Comparison = .always, to key: Key, _ name: String
    ) throws -> Bool {
        try put(member, score, comparison, key, name)
    }

    /// Puts a member in; whether it is new.
    private mutating func put(
        _ member: [UInt8], _ score: Double, _ comparison: Comparison, _ key: Key, _ name: String
    ) throws -> Bool {
        try checkRoom(messages: 1, bytes: member.count)
        changes.touched.append(name)
        let insert = try connection.prepare(
            "INSERT INTO celery_member (key, member, score) VALUES (:key, :member, :score) ON CONFLICT DO NOTHING"
        )
        try insert.bind("key", key.id)
        try insert.bind("member", member)
        try insert.bind("score", score)
        try insert.run()
        if connection.changes > 0 {
            changes.messages += 1
            changes.bytes += member.count
            return true
        }
        let update = try connection.prepare(
            """
            UPDATE celery_member SET score = :score
            WHERE key = :key AND member = :member AND (score < :score OR score > :score AND :always)
            """)
        try update.bind("key", key.id)
        try update.bind("member", member)
        try update.bind("score", score)
        try update.bind("always", comparison == .always)
        try update.run()
        return false
    }

    /// Takes members out; how many were in. One that is empty is no more.
    mutating func removeMembers(_ members: some Collection<[UInt8]>, from key: Key, _ name: String) throws
        -> Int
    {
        changes.touched.append(name)
        var removed = 0
        for member in members {
            let statement = try connection.prepare(
                "DELETE FROM celery_member WHERE key = :key AND member = :member")
            try statement.bind("key", key.id)
            try statement.bind("member", member)
            try statement.run()
            guard connection.changes > 0 else { continue }
            removed += 1
            changes.messages -= 1
            changes.bytes -= member.count
        }
        if removed > 0, try memberCount(key) == 0 { try remove(name) }
        return removed
    }

    func memberCount(_ key: Key, from low: Double = -.infinity, to high: Double = .infinity) throws -> Int {
        let statement = try connection.prepare(
            "SELECT count(*) AS number FROM celery_member WHERE key = :key AND score BETWEEN :low AND :high")
        try statement.bind("key", key.id)
        try statement.bind("low", low)
        try statement.bind("high", high)
        return try statement.step() ? try statement.int("number") : 0
    }

    func contains(_ member: [UInt8], _ key: Key) throws -> Bool {
        let statement = try connection.prepare(
            "SELECT 1 FROM celery_member WHERE key = :key AND member = :member")
        try statement.bind("key", key.id)
        try statement.bind("member", member)
        return try statement.step()
    }

    /// Members with scores in the order of the scores.
    func members(
        _ key: Key, from low: Double = -.infinity, to high: Double = .infinity, isReversed: Bool = false,
        offset: Int = 0, limit: Int = -1
    ) throws -> [(member: [UInt8], score: Double)] {
        let statement = try connection.prepare(
            isReversed
                ? """
                SELECT member, score FROM celery_member WHERE key = :key AND score BETWEEN :low AND :high
                ORDER BY score DESC, member DESC LIMIT :limit OFFSET :offset
                """
                : """
                SELECT member, score FROM celery_member WHERE key = :key AND score BETWEEN :low AND :high
                ORDER BY score, member LIMIT :limit OFFSET :offset
                """)
        try statement.bind("key", key.id)
        try statement.bind("low", low)
        try statement.bind("high", high)
        try statement.bind("offset", max(offset, 0))
        try statement.bind("limit", limit < 0 ? Self.longestAnswer + 1 : limit)
        var rows: [(member: [UInt8], score: Double)] = []
        while try statement.step() {
            rows.append((try statement.blob("member"), try statement.double("score")))
            if rows.count > Self.longestAnswer { throw CommandError("ERR an answer of too many members") }
        }
        return rows
    }

    /// Throws when so much more is more than the broker takes.
    func checkRoom(messages: Int, bytes: Int) throws {
        guard tally.messages + changes.messages + messages <= tally.limits.messages,
            tally.bytes + changes.bytes + bytes <= tally.limits.bytes
        else { throw CommandError.full }
    }
}
