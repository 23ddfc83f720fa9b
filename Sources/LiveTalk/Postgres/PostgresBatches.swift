import CraneLoop
import CranePostgres
import CraneSystem
import Synchronization

/// Writes that wait while a transaction is under way share the next one, on each loop: one commit and one statement for all of them.
///
/// There is no task of its own: of those who wait one carries the batch out for all, and hands on to the next. Once as many wait as are
/// under way, they go to the server too, which begins with them as soon as it has committed those before them.
@safe
final class PostgresBatches<Write: Sendable, Outcome: Sendable>: Sendable {
    /// So many writes are carried out at once at most.
    private static var largest: Int { 256 }
    /// So many bytes of them are.
    private static var bytes: Int { 1 << 20 }
    /// So many wait on a loop at most.
    private static var bound: Int { 4096 }

    /// What somebody who waits is told.
    private enum Turn {
        case done(Outcome)
        case failed(PostgresError)
        /// To carry the next batch out.
        case leads
    }

    @safe
    private struct Waiting {
        let write: Write
        let continuation: UnsafeContinuation<Turn, Never>

        /// Called once: by whoever carries the write out, or to have it carry a batch out.
        func tell(_ turn: Turn) { unsafe continuation.resume(returning: turn) }
    }

    private struct Line {
        var waiting: [Waiting] = []
        /// Batches that are under way, and the writes in them.
        var batches = 0
        var writes = 0
        /// Whether somebody is about to carry those who wait out.
        var isGathering = false

        /// Whether a batch is to go, of those who wait and so many more.
        private func isDue(with more: Int) -> Bool {
            let count = waiting.count + more
            return !isGathering && count > 0 && (batches == 0 || batches == 1 && count >= writes)
        }

        /// Lets one more wait; returns what that one is told at once.
        mutating func admit(_ next: Waiting) -> Turn? {
            if isDue(with: 1) {
                isGathering = true
                return .leads
            }
            guard waiting.count < PostgresBatches.bound else {
                return .failed(PostgresError(.overloaded, message: "\(PostgresBatches.bound) writes wait"))
            }
            waiting.append(next)
            return nil
        }

        /// Who is to carry the next batch out, when one is due.
        mutating func next() -> Waiting? {
            guard isDue(with: 0) else { return nil }
            isGathering = true
            return waiting.removeFirst()
        }

        /// Begins a batch: who comes along with its first write, as many as it has room for.
        mutating func begin(behind first: Int, _ size: (Write) -> Int) -> [Waiting] {
            var room = PostgresBatches.bytes - first
            var count = 0
            while count < min(waiting.count, PostgresBatches.largest - 1) {
                room -= size(waiting[count].write)
                if room < 0 { break }
                count += 1
            }
            let batch = Array(waiting.prefix(count))
            waiting.removeFirst(count)
            isGathering = false
            batches += 1
            writes += 1 + count
            return batch
        }

        mutating func end(_ count: Int) {
            batches -= 1
            writes -= count
        }
    }

    private let lines = Mutex<[Int: Line]>([:])
    private let size: @Sendable (Write) -> Int
    private let transact: @Sendable ([Write]) async throws(PostgresError) -> [Outcome]

    /// - Parameters:
    ///   - size: the bytes of a write.
    ///   - transact: carries writes out in one transaction; what has become of each, in their order.
    init(
        size: @escaping @Sendable (Write) -> Int,
        transact: @escaping @Sendable ([Write]) async throws(PostgresError) -> [Outcome]
    ) {
        self.size = size
        self.transact = transact
    }

    /// Carries a write out; returns when it is committed.
    func carryOut(_ write: Write) async throws(PostgresError) -> Outcome {
        let loop = CurrentLoop.index ?? -1
        let turn = await unsafe withUnsafeContinuation { continuation in
            let waiting = unsafe Waiting(write: write, continuation: continuation)
            let turn = lines.withLock { $0[loop, default: Line()].admit(waiting) }
            if let turn { waiting.tell(turn) }
        }
        switch turn {
        case .done(let outcome): return outcome
        case .failed(let error): throw error
        case .leads: break
        }
        // Whoever else writes in this turn of the loop comes along.
        await Task.yield()
        let others = lines.withLock { $0[loop, default: Line()].begin(behind: size(write), size) }
        handOn(on: loop)
        defer {
            lines.withLock { $0[loop, default: Line()].end(1 + others.count) }
            handOn(on: loop)
        }
        do throws(PostgresError) {
            let outcomes = try await outcomes(of: [write] + others.map(\.write))
            for (waiting, outcome) in zip(others, outcomes.dropFirst()) { waiting.tell(.done(outcome)) }
            return outcomes[0]
        } catch {
            guard error.kind == .refused || error.kind == .constraint, !others.isEmpty else {
                for waiting in others { waiting.tell(.failed(error)) }
                throw error
            }
            // One of them cannot be carried out: each is tried by itself.
            for waiting in others { waiting.tell(await attempt(waiting.write)) }
            return try await outcomes(of: [write])[0]
        }
    }

    private func attempt(_ write: Write) async -> Turn {
        do throws(PostgresError) {
            return .done(try await outcomes(of: [write])[0])
        } catch {
            return .failed(error)
        }
    }

    /// Has the next one who waits carry a batch out, where one is due.
    private func handOn(on loop: Int) {
        lines.withLock { $0[loop, default: Line()].next() }?.tell(.leads)
    }

    private func outcomes(of writes: [Write]) async throws(PostgresError) -> [Outcome] {
        let outcomes = try await transact(writes)
        guard outcomes.count == writes.count else {
            throw PostgresError(.mismatch, message: "\(outcomes.count) of \(writes.count) were carried out")
        }
        return outcomes
    }
}
