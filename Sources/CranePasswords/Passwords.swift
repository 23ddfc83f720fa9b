public import Crane
import CraneService

/// Hashes and checks passwords on worker threads, a few at a time, so that logins neither hold a loop nor take all memory.
///
/// ```swift
/// let passwords = Passwords()
/// app.post("/login", Body(Login.self), ContextInput()) { login, context in
///     let user = try users.find(login.name)
///     guard try await passwords.match(login.password, user?.password, context), let user else {
///         throw HTTPError(.unauthorized, "Incorrect name or password")
///     }
/// ```
/// Clients take turns. Beyond the bound of those that wait the calls throw `WorkersBusy`, which is answered 503 with Retry-After.
public final class Passwords: Sendable {
    private let queue: WorkQueue

    /// - Parameters:
    ///   - places: how many are hashed at one time, each with 19 MiB and a processor of its own.
    ///   - bound: how many wait for their turn.
    public init(atOnce places: Int = 2, waiting bound: Int = 64) {
        queue = WorkQueue(places: 0..<places, waiting: bound)
    }

    /// The hash of a new password, to be kept.
    ///
    /// - Throws: `WorkersBusy` when too many wait or there is no memory, `CancellationError` when the client has gone.
    public func hash(_ password: String, _ context: Context) async throws -> PasswordHash {
        try await queue.run(on: context.loop, for: context.client) { _, _ in
            guard let hash = PasswordHash(of: password) else { throw WorkersBusy() }
            return hash
        }
    }

    /// Whether the password is the one that was hashed; without a hash it is not, after as long a time.
    ///
    /// - Throws: as `hash`.
    public func match(
        _ password: String, _ hash: PasswordHash?, _ context: Context
    ) async throws -> Bool {
        try await queue.run(on: context.loop, for: context.client) { _, _ in
            let matches = (hash ?? .decoy).matches(password)
            return matches && hash != nil
        }
    }

    /// Refuses what waits, now and from now on, for the end of the service: who comes next has a free place or none.
    public func refuseWaiting() { queue.refuseWaiting() }
}
