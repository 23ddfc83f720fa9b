public import Crane
import CraneRESP
import CraneSystem
public import Logging
import Synchronization

/// Counts the rates of several servers in a Redis, exactly; while the Redis does not answer each server counts its own part.
///
/// A request waits for the Redis for ``patience`` at most. After one that has waited in vain the others do not ask for a second, when the
/// next is sent ahead. Any thread.
public final class RedisRateCounter: SharedRateCounter {
    /// What has been counted where.
    public struct Counts: Hashable, Sendable {
        /// Whether the Redis has answered last.
        public var isReached = true
        /// Requests counted in the Redis.
        public var shared = 0
        /// Requests counted here, as the Redis did not answer.
        public var local = 0
    }

    private struct State {
        var counts = Counts()
        /// When the Redis is asked again, in nanoseconds of the system's clock.
        var nextAttempt: UInt64 = 0
    }

    /// How long a request waits for the Redis.
    public let patience: Duration
    private static let pause: UInt64 = 1_000_000_000
    private let client: RedisClient
    private let place: String
    private let prefix: String
    private let logger: Logger
    private let state = Mutex(State())

    /// Connects when the first request comes.
    ///
    /// - Parameters:
    ///   - url: where the Redis is.
    ///   - prefix: what all keys begin with: servers with the same share their rates.
    ///   - patience: how long a request waits for it.
    ///   - logger: where it is told that the Redis is away, or back.
    /// - Throws: when the system has no more threads or descriptors.
    public init(
        _ url: RedisURL, prefix: String, patience: Duration = .milliseconds(50),
        logger: Logger = Logger(label: "crane.redis")
    ) throws {
        client = try RedisClient(url)
        place = url.description
        self.prefix = prefix
        self.patience = patience
        self.logger = logger
    }

    /// Ends the connection; who waits counts here. Blocks the calling thread.
    public func close() { client.close() }

    /// What has been counted where, since the start.
    public var counts: Counts { state.withLock { $0.counts } }

    public func count(
        _ key: String, interval: Int, quota: Int, isTaken: Bool
    ) async -> SharedRate? {
        let mayAsk = state.withLock { state in
            guard !state.counts.isReached else { return true }
            let now = SystemTime.monotonic()
            guard now >= state.nextAttempt else { return false }
            // One goes ahead.
            state.nextAttempt = now + Self.pause
            return true
        }
        if mayAsk {
            do {
                let rate = try await ask([prefix + key, "\(interval)", "\(quota)", isTaken ? "1" : "0"])
                answered()
                return rate
            } catch {
                failed(error)
            }
        }
        state.withLock { $0.counts.local += 1 }
        return nil
    }

    private func ask(_ arguments: [String]) async throws -> SharedRate {
        var answer = try await run("EVALSHA", RedisRateScript.sha1, arguments)
        if case .error(let text) = answer, text.hasPrefix("NOSCRIPT") {
            answer = try await run("EVAL", RedisRateScript.text, arguments)
        }
        if case .error(let text) = answer { throw RedisError("the Redis refuses: \(text)") }
        guard let parts = answer.elements, parts.count == 2, case .integer(let isAllowed) = parts[0],
            let full = parts[1].text.flatMap({ Int($0) }), full >= 0
        else { throw RedisError("the Redis answers otherwise than its script") }
        return SharedRate(isAllowed: isAllowed == 1, microsecondsUntilFull: full)
    }

    private func run(_ command: String, _ script: String, _ arguments: [String]) async throws -> RESPValue {
        let words = ([command, script, "1"] + arguments).map { Array($0.utf8) }
        return try await client.answers([words], within: patience).first ?? .null
    }

    private func answered() {
        let isBack = state.withLock { state in
            state.counts.shared += 1
            defer { state.counts.isReached = true }
            return !state.counts.isReached
        }
        if isBack { logger.notice("rates are counted in the Redis again", metadata: ["redis": "\(place)"]) }
    }

    private func failed(_ error: any Error) {
        let isFirst = state.withLock { state in
            state.nextAttempt = SystemTime.monotonic() + Self.pause
            defer { state.counts.isReached = false }
            return state.counts.isReached
        }
        if isFirst {
            logger.warning(
                "rates are divided by the nodes: the Redis does not count",
                metadata: ["redis": "\(place)", "error": "\(error)"])
        }
    }
}
