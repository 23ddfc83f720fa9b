import CraneLoop
import CranePostgres
import CraneSystem
import Synchronization

/// Writes that wait while a transaction is under way share the next one, on each loop: one commit and one statement for all of them.
///
/// There is no task of its own: of those who wait one carries the batch out for all, and hands on to the next.
final class PostgresBatches<Write: Sendable, Outcome: Sendable>: Sendable {
    /// So many writes are carried out at once at most.
    private static var writes: Int { 256 }
    /// So many bytes of them are.
    private static var bytes: Int { 1 << 20 }
    /// Where so many write, a batch waits a moment for more: one commit less is worth longer. Of more the commit is the smaller part.
    private static var crowd: Range<Int> { 16..<96 }
    private static var gathering: Duration { .milliseconds(1) }
    /// So many wait on a loop at most.
    private static var bound: Int { 4096 }

    /// What somebody who waits is told.
    private enum Turn {
        case done(Outcome)
        case failed(PostgresError)
        /// To carry the next batch out.
        case leads
    }

    private struct Waiting {
        let write: Write
        let continuation: CheckedContinuation<Turn, Never>
    }

    private struct Line {
        var waiting: [Waiting] = []
        /// How many writes the last batch had.
        var last = 0
        /// Whether somebody carries a batch out, or is about to.
        var isLed = false
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
        let turn = await withCheckedContinuation { continuation in
            let turn = lines.withLock { lines -> Turn? in
                var line = lines[loop] ?? Line()
                defer { lines[loop] = line }
                guard line.isLed else {
                    line.isLed = true
                    return .leads
                }
                guard line.waiting.count < Self.bound else {
                    return .failed(PostgresError(.overloaded, message: "\(Self.bound) writes wait"))
                }
                line.waiting.append(Waiting(write: write, continuation: continuation))
                return nil
            }
            if let turn { continuation.resume(returning: turn) }
        }
        switch turn {
        case .done(let outcome): return outcome
        case .failed(let error): throw error
        case .leads: break
        }
        // Whoever else writes in this turn of the loop comes along.
        await Task.yield()
        if isCrowded(on: loop) { try? await EventLoop.current?.sleep(for: Self.gathering) }
        let others = take(behind: write, on: loop)
        defer { handOn(on: loop) }
        do throws(PostgresError) {
            let outcomes = try await outcomes(of: [write] + others.map(\.write))
            for (waiting, outcome) in zip(others, outcomes.dropFirst()) {
                waiting.continuation.resume(returning: .done(outcome))
            }
            return outcomes[0]
        } catch {
            guard error.kind == .refused || error.kind == .constraint, !others.isEmpty else {
                for waiting in others { waiting.continuation.resume(returning: .failed(error)) }
                throw error
            }
            // One of them cannot be carried out: each is tried by itself.
            for waiting in others { waiting.continuation.resume(returning: await attempt(waiting.write)) }
            return try await outcomes(of: [write])[0]
        }
    }

    /// Whether many were answered a moment ago, who may write again, or many wait.
    private func isCrowded(on loop: Int) -> Bool {
        lines.withLock { lines in
            guard let line = lines[loop] else { return false }
            return Self.crowd.contains(max(line.last, line.waiting.count))
        }
    }

    private func attempt(_ write: Write) async -> Turn {
        do throws(PostgresError) {
            return .done(try await outcomes(of: [write])[0])
        } catch {
            return .failed(error)
        }
    }

    /// The next ones who wait, as many as a batch has room for.
    private func take(behind first: Write, on loop: Int) -> [Waiting] {
        lines.withLock { lines in
            var room = Self.bytes - size(first)
            var count = 0
            let waiting = lines[loop]?.waiting ?? []
            while count < min(waiting.count, Self.writes - 1) {
                room -= size(waiting[count].write)
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

    private func outcomes(of writes: [Write]) async throws(PostgresError) -> [Outcome] {
        let outcomes = try await transact(writes)
        guard outcomes.count == writes.count else {
            throw PostgresError(.mismatch, message: "\(outcomes.count) of \(writes.count) were carried out")
        }
        return outcomes
    }
}
