public import CraneHTTP
public import Logging
import Synchronization

/// What an application's set-up makes, for its requests and its work beside them: see `App.lifespan`.
///
/// Belongs to the set-up: what is set after its end is seen by nobody.
public final class AppServices: Sendable {
    /// The application's.
    public let logger: Logger
    private let configuration: AppConfiguration
    private let overrides: [ObjectIdentifier: any AnyDependency]
    private let values = Mutex<[ObjectIdentifier: any Sendable]>([:])

    init(_ configuration: AppConfiguration, _ overrides: [ObjectIdentifier: any AnyDependency]) {
        self.configuration = configuration
        self.overrides = overrides
        logger = configuration.logger
    }

    /// A value for all requests, which a `Context` has under the same key; what is read before it is written is the application's.
    public subscript<Key: ContextKey>(key: Key.Type) -> Key.Value {
        get {
            let id = ObjectIdentifier(key)
            return (values.withLock { $0[id] } ?? configuration.value(id)) as? Key.Value ?? Key.defaultValue
        }
        set { values.withLock { $0[ObjectIdentifier(key)] = newValue } }
    }

    /// The value of a dependency that a set-up before this one has made, or of a constant one; throws for every other.
    public func value<Value>(of dependency: Dependency<Value>) throws -> Value {
        let made = values.withLock { $0[ObjectIdentifier(dependency)] } as? Value
        return try made ?? dependency.value(in: configuration, overrides: overrides)
    }

    func set<Value>(_ value: Value, for dependency: Dependency<Value>) {
        values.withLock { $0[ObjectIdentifier(dependency)] = value }
    }

    var all: [ObjectIdentifier: any Sendable] { values.withLock { $0 } }
}

/// What belongs to work beside the requests: its log, its loop, and what the set-up has made. See `App.background`.
public struct BackgroundContext: Sendable {
    /// The name that the work was registered under.
    public let name: String
    /// The loop that runs the work.
    public let loop: any LoopServices
    private let configuration: AppConfiguration
    private let overrides: [ObjectIdentifier: any AnyDependency]

    init(
        _ name: String, _ loop: any LoopServices, _ configuration: AppConfiguration,
        _ overrides: [ObjectIdentifier: any AnyDependency]
    ) {
        self.name = name
        self.loop = loop
        self.configuration = configuration
        self.overrides = overrides
    }

    /// The application's logger, with the work's name as `background`.
    public var logger: Logger {
        var logger = configuration.logger
        logger[metadataKey: "background"] = "\(name)"
        return logger
    }

    /// A value that the application or its set-up has for all requests.
    public subscript<Key: ContextKey>(key: Key.Type) -> Key.Value {
        configuration.value(ObjectIdentifier(key)) as? Key.Value ?? Key.defaultValue
    }

    /// The value of a dependency that the set-up has made, or of a constant one; throws for every other.
    public func value<Value>(of dependency: Dependency<Value>) throws -> Value {
        try dependency.value(in: configuration, overrides: overrides)
    }

    /// Waits without holding the loop; throws `CancellationError` when the graceful shutdown begins.
    public func sleep(for duration: Duration) async throws {
        try await loop.sleep(for: duration)
    }

    /// Runs blocking work on the bounded worker pool, off the loop; throws `WorkersBusy` when its queue is full.
    public func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        try await loop.blocking(work)
    }
}
