import CraneLoop
import CranePostgres
import CraneSchema
import CraneSystem
import Synchronization

/// A comment on its way into the database, with its words for the search.
struct CommentPost: Sendable {
    let comment: CommentCreate
    let words: String
    let at: Timestamp

    init(_ comment: CommentCreate, at now: Timestamp) async throws {
        self.comment = comment
        words = try await Self.words(of: comment.text)
        at = now
    }

    /// A text's words for the search; those of a long one are found on a worker thread.
    static func words(of text: String) async throws -> String {
        if text.utf8.count <= 4096 { return SearchVector.text(of: text) }
        let loop = try EventLoop.current ?? EventLoop.shared()
        do {
            return try await loop.blocking { SearchVector.text(of: text) }
        } catch is WorkerPoolFull {
            throw StoreError.overloaded
        }
    }

    /// The comment as it was inserted.
    func inserted(_ id: Int, at time: Timestamp) -> Comment {
        Comment(
            id: id, talkID: comment.talkID, userIP: comment.userIP, text: comment.text, createdAt: time,
            updatedAt: time)
    }
}

/// Posts that wait while a transaction is under way share the next one, on each loop: one commit and one statement for all of them.
///
/// There is no task of its own: of those who wait one carries the batch out for all, and hands on to the next.
final class CommentBatches: Sendable {
    /// So many posts, or so many bytes of their texts and words, are carried out at once at most.
    private static let posts = 256
    private static let bytes = 1 << 20
    /// Where so many post, a batch waits a moment for more: one commit less is worth longer. Of more the commit is the smaller part.
    private static let crowd = 16..<96
    private static let gathering = Duration.milliseconds(1)
    /// So many wait on a loop at most.
    private static let bound = 4096

    /// What somebody who waits is told.
    private enum Turn {
        case inserted(Comment)
        case failed(PostgresError)
        /// To carry the next batch out.
        case leads
    }

    private struct Waiting {
        let post: CommentPost
        let continuation: CheckedContinuation<Turn, Never>
    }

    private struct Line {
        var waiting: [Waiting] = []
        /// How many posts the last batch had.
        var last = 0
        /// Whether somebody carries a batch out, or is about to.
        var isLed = false
    }

    private let database: PostgresClient
    private let lines = Mutex<[Int: Line]>([:])

    init(_ database: PostgresClient) { self.database = database }

    /// Inserts a comment; returns when it is committed.
    func insert(_ post: CommentPost) async throws(PostgresError) -> Comment {
        let loop = CurrentLoop.index ?? -1
        let turn = await withCheckedContinuation { continuation in
            let turn = lines.withLock { lines -> Turn? in
                var line = lines[loop] ?? Line()
                defer { lines[loop] = line }
                guard line.isLed else {
                    line.isLed = true
                    return .leads
                }
                guard line.waiting.count < Self.bound else {
                    return .failed(PostgresError(.overloaded, message: "\(Self.bound) posts wait"))
                }
                line.waiting.append(Waiting(post: post, continuation: continuation))
                return nil
            }
            if let turn { continuation.resume(returning: turn) }
        }
        switch turn {
        case .inserted(let comment): return comment
        case .failed(let error): throw error
        case .leads: break
        }
        // Whoever else posts in this turn of the loop comes along.
        await Task.yield()
        if isCrowded(on: loop) { try? await EventLoop.current?.sleep(for: Self.gathering) }
        let others = take(behind: post, on: loop)
        defer { handOn(on: loop) }
        do throws(PostgresError) {
            let comments = try await carryOut([post] + others.map(\.post))
            for (waiting, comment) in zip(others, comments.dropFirst()) {
                waiting.continuation.resume(returning: .inserted(comment))
            }
            return comments[0]
        } catch {
            guard error.kind == .refused || error.kind == .constraint, !others.isEmpty else {
                for waiting in others { waiting.continuation.resume(returning: .failed(error)) }
                throw error
            }
            // One of them cannot be inserted: each is tried by itself.
            for waiting in others { waiting.continuation.resume(returning: await attempt(waiting.post)) }
            return try await carryOut([post])[0]
        }
    }

    /// Whether many were answered a moment ago, who may post again, or many wait.
    private func isCrowded(on loop: Int) -> Bool {
        lines.withLock { lines in
            guard let line = lines[loop] else { return false }
            return Self.crowd.contains(max(line.last, line.waiting.count))
        }
    }

    private func attempt(_ post: CommentPost) async -> Turn {
        do throws(PostgresError) {
            return .inserted(try await carryOut([post])[0])
        } catch {
            return .failed(error)
        }
    }

    /// The next ones who wait, as many as a batch has room for.
    private func take(behind first: CommentPost, on loop: Int) -> [Waiting] {
        lines.withLock { lines in
            var room = Self.bytes - first.comment.text.utf8.count - first.words.utf8.count
            var count = 0
            let waiting = lines[loop]?.waiting ?? []
            while count < min(waiting.count, Self.posts - 1) {
                room -= waiting[count].post.comment.text.utf8.count + waiting[count].post.words.utf8.count
                if room < 0 { break }
                count += 1
            }
            lines[loop]?.waiting.removeFirst(count)
            lines[loop]?.last = count + 1
            return Array(waiting.prefix(count))
        }
    }

    /// Has the next one who waits carry a batch out.
    private func handOn(on loop: Int) {
        let next = lines.withLock { lines -> Waiting? in
            guard lines[loop]?.waiting.isEmpty == false else {
                lines[loop]?.isLed = false
                return nil
            }
            return lines[loop]?.waiting.removeFirst()
        }
        next?.continuation.resume(returning: .leads)
    }

    private func carryOut(_ posts: [CommentPost]) async throws(PostgresError) -> [Comment] {
        let rows = try await database.execute([PostgresCommentStore.lock, Self.insertion(of: posts)])
        guard rows.count == posts.count else {
            throw PostgresError(.mismatch, message: "\(rows.count) of \(posts.count) comments were inserted")
        }
        var comments: [Comment] = []
        for (post, row) in zip(posts, rows) { comments.append(post.inserted(try row.int("id"), at: post.at)) }
        return comments
    }

    /// Inserts the posts in their order and enters them in the log; to be carried out under the lock, in a statement behind it.
    static func insertion(of posts: [CommentPost]) -> PostgresQuery {
        """
        WITH post AS (
            SELECT * FROM unnest(\(posts.map(\.comment.talkID)),
                \(posts.map { PostgresBytes(Array($0.comment.userIP.utf8)) }),
                \(posts.map { PostgresBytes(Array($0.comment.text.utf8)) }), \(posts.map(\.words)), \(posts.map(\.at)))
                WITH ORDINALITY AS post (talk_id, user_ip, comment_text, words, at, place)
        ), inserted AS (
            INSERT INTO comment (talk_id, user_ip, comment_text, created_at, updated_at, words)
            SELECT talk_id, user_ip, comment_text, at, at, words::tsvector FROM post ORDER BY place
            RETURNING id, talk_id, created_at
        ), last AS (
            SELECT talk.talk_id, (SELECT max(seq) FROM change WHERE change.talk_id = talk.talk_id) AS seq
            FROM (SELECT DISTINCT talk_id FROM post) AS talk
        ), logged AS (
            INSERT INTO change (talk_id, seq, kind, comment_id, at)
            SELECT talk_id, coalesce(seq, 0) + row_number() OVER (PARTITION BY talk_id ORDER BY id), 0, id, created_at
            FROM inserted JOIN last USING (talk_id) ORDER BY id
        )
        SELECT id FROM inserted ORDER BY id
        """
    }
}
