import CraneRESP
import CraneSQLite

// Queues: lists whose messages are given to workers, and taken back when those are gone.
extension KeySpace {
    enum End {
        /// Where messages are put, and the newest one is.
        case left
        /// Where they are taken from.
        case right
    }

    /// Puts messages in, one after the other; how many wait then.
    mutating func push(_ messages: [NewMessage], into name: String, at end: End) throws -> Int {
        _ = try keyForWriting(name, .list)
        let bytes = messages.reduce(0) { $0 + $1.body.count }
        try checkRoom(messages: messages.count, bytes: bytes)
        changes.touched.append(name)
        changes.messages += messages.count
        changes.bytes += bytes
        for message in messages {
            let id = tally.nextID()
            let statement = try connection.prepare(
                """
                INSERT INTO celery_message (id, queue, place, body, tag, task, task_id, is_transient, created_at, returned)
                VALUES (:id, :queue, :place, :body, :tag, :task, :task_id, :is_transient, :created_at, :returned)
                """)
            try statement.bind("id", id)
            try statement.bind("queue", name)
            try statement.bind("place", end == .left ? id : -id)
            try statement.bind("body", message.body)
            try statement.bind("tag", message.facts.tag)
            try statement.bind("task", message.facts.task)
            try statement.bind("task_id", message.facts.taskID)
            try statement.bind("is_transient", message.facts.isTransient)
            try statement.bind("created_at", now)
            try statement.bind("returned", message.facts.isRedelivered ? 1 : 0)
            try statement.run()
        }
        changes.lengths[name, default: 0] += messages.count
        changes.pushed += messages.count
        return length(of: name)
    }

    /// Takes the next message of the first of these queues that has one.
    ///
    /// A task's message stays with the broker until its worker acknowledges it; any other goes.
    mutating func pop(_ names: [String]) throws -> (queue: Int, body: [UInt8])? {
        for (index, name) in names.enumerated() {
            let key = try keyForWriting(name, .list)
            let next = try connection.prepare(
                """
                SELECT id, body, tag IS NOT NULL AND task IS NOT NULL AS is_task FROM celery_message
                WHERE queue = :queue AND taken_at IS NULL ORDER BY place LIMIT 1
                """)
            try next.bind("queue", name)
            guard try next.step() else { continue }
            let (id, body) = (try next.int("id"), try next.blob("body"))
            let isTask = try next.int("is_task") != 0
            next.reset()
            if isTask {
                let take = try connection.prepare("UPDATE celery_message SET taken_at = :now WHERE id = :id")
                try take.bind("now", now)
                try take.bind("id", id)
                try take.run()
                taken.append(id)
            } else {
                let delete = try connection.prepare("DELETE FROM celery_message WHERE id = :id")
                try delete.bind("id", id)
                try delete.run()
                changes.messages -= 1
                changes.bytes -= body.count
            }
            changes.touched.append(name)
            changes.lengths[name, default: 0] -= 1
            changes.delivered += 1
            // An empty list is no more, and its end in time with it.
            if key != nil, try !hasMessages(name) { try remove(name) }
            return (index, body)
        }
        return nil
    }

    /// How many messages wait as of the last commit, with what is changed here.
    func length(of name: String) -> Int { tally.length(of: name) + (changes.lengths[name] ?? 0) }

    /// How many messages wait, counted; for short lists.
    func count(of name: String) throws -> Int {
        let statement = try connection.prepare(
            "SELECT count(*) AS number FROM celery_message WHERE queue = :queue AND taken_at IS NULL")
        try statement.bind("queue", name)
        return try statement.step() ? try statement.int("number") : 0
    }

    func hasMessages(_ name: String) throws -> Bool {
        let statement = try connection.prepare(
            "SELECT 1 FROM celery_message WHERE queue = :queue AND taken_at IS NULL LIMIT 1")
        try statement.bind("queue", name)
        return try statement.step()
    }

    /// Messages from the left.
    func messages(ofQueue name: String, from first: Int, to last: Int) throws -> [[UInt8]] {
        let number = try count(of: name)
        let first = max(0, first < 0 ? first + number : first)
        let last = min(number - 1, last < 0 ? last + number : last)
        guard first <= last else { return [] }
        let statement = try connection.prepare(
            """
            SELECT body FROM celery_message WHERE queue = :queue AND taken_at IS NULL
            ORDER BY place DESC LIMIT :limit OFFSET :offset
            """)
        try statement.bind("queue", name)
        try statement.bind("limit", last - first + 1)
        try statement.bind("offset", first)
        var bodies: [[UInt8]] = []
        var bytes = 0
        while try statement.step() {
            bodies.append(try statement.blob("body"))
            bytes += bodies[bodies.count - 1].count
            guard bodies.count <= Self.longestAnswer, bytes <= 32 << 20 else {
                throw CommandError("ERR an answer of too many messages")
            }
        }
        return bodies
    }

    // MARK: With a worker

    /// Whether a worker has the message with this tag.
    func isTaken(_ tag: String) throws -> Bool {
        let statement = try connection.prepare(
            "SELECT 1 FROM celery_message WHERE tag = :tag AND taken_at IS NOT NULL LIMIT 1")
        try statement.bind("tag", tag)
        return try statement.step()
    }

    /// What kombu keeps of a message that a worker has: the message, its exchange and its routing key, as a JSON list.
    func taken(_ tag: String) throws -> [UInt8]? {
        let statement = try connection.prepare(
            "SELECT body FROM celery_message WHERE tag = :tag AND taken_at IS NOT NULL ORDER BY taken_at, id LIMIT 1"
        )
        try statement.bind("tag", tag)
        return try statement.step() ? NewMessage.kept(try statement.blob("body")) : nil
    }

    /// A worker is done with a message, or has put it back itself; false where nobody has it.
    ///
    /// Of messages with one tag, as a message to several queues is, the one goes that was taken first.
    mutating func acknowledge(_ tag: String) throws -> Bool {
        let statement = try connection.prepare(
            """
            DELETE FROM celery_message WHERE id = (
                SELECT id FROM celery_message WHERE tag = :tag AND taken_at IS NOT NULL ORDER BY taken_at, id LIMIT 1)
            RETURNING id, length(body) AS bytes
            """)
        try statement.bind("tag", tag)
        guard try statement.step() else { return false }
        changes.released.append(try statement.int("id"))
        changes.messages -= 1
        changes.bytes -= try statement.int("bytes")
        changes.touchesTaken = true
        return true
    }

    /// Puts a message back where it was, for the next worker, unless it has been acknowledged; whether it was put back.
    mutating func putBack(_ id: Int) throws -> Bool {
        let statement = try connection.prepare(
            "SELECT queue, body FROM celery_message WHERE id = :id AND taken_at IS NOT NULL")
        try statement.bind("id", id)
        guard try statement.step() else { return false }
        let (queue, body) = (try statement.text("queue"), try statement.blob("body"))
        statement.reset()
        let again = NewMessage.redelivered(body)
        let update = try connection.prepare(
            "UPDATE celery_message SET taken_at = NULL, returned = returned + 1, body = :body WHERE id = :id")
        try update.bind("body", again)
        try update.bind("id", id)
        try update.run()
        changes.bytes += again.count - body.count
        changes.lengths[queue, default: 0] += 1
        changes.released.append(id)
        changes.returned += 1
        changes.touched.append(queue)
        changes.touchesTaken = true
        return true
    }
}
