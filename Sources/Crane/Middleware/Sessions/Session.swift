import CraneHTTP
public import CraneSchema
import CraneSystem
import HTTPTypes
import Synchronization

/// What a visitor's browser keeps from request to request, by name: `Sessions` reads it from a signed cookie and writes it back when it
/// has changed.
///
/// ```swift
/// app.post("/cart/{item}", Path("item", Int.self), SessionInput()) { item, session in
///     session["items"] = .integer((session["items"]?.integer ?? 0) + 1)
/// }
/// ```
/// The cookie is read when a value is first asked for. Visitors can read what it holds and cannot change it; one that they have kept
/// stays good until its time is over, so that what must end at a log-out stands in a database. Safe to use from child tasks.
public final class Session: Sendable {
    private struct State {
        /// `nil` until somebody asks.
        var values: [JSONValue.Member]?
        /// What came, and whether it has to be written anew: signed by an older secret, or halfway over.
        var original: [JSONValue.Member] = []
        var isStale = false
    }

    private let request: Request
    private let seal: SessionSeal
    private let state = Mutex(State())

    init(_ request: Request, _ seal: SessionSeal) {
        self.request = request
        self.seal = seal
    }

    /// A value by its name; `nil` removes it.
    public subscript(name: String) -> JSONValue? {
        get { read { $0.first { $0.key.isSpelt(name) }?.value } }
        set {
            change { values in
                let index = values.firstIndex { $0.key.isSpelt(name) }
                switch (index, newValue) {
                case (let index?, let value?): values[index].value = value
                case (let index?, nil): values.remove(at: index)
                case (nil, let value?): values.append(JSONValue.Member(name, value))
                case (nil, nil): break
                }
            }
        }
    }

    /// A value of a described type; `nil` where there is none, or what stands there is not of this type.
    public func value<Value: SchemaRepresentable>(_ name: String, as type: Value.Type) -> Value? {
        guard let value = self[name] else { return nil }
        return try? type.schema.decode(JSONValue.schema.encode(value))
    }

    /// Keeps a value of a described type.
    public func set<Value: SchemaRepresentable>(_ name: String, to value: Value) {
        // What a schema writes is JSON.
        self[name] = try? JSONValue.parse(Value.schema.encode(value))
    }

    /// Removes all values, at a log-out for one, and with them the cookie.
    public func clear() { change { $0 = [] } }

    /// Whether there is no value.
    public var isEmpty: Bool { read { $0.isEmpty } }

    private func read<Result: Sendable>(_ look: ([JSONValue.Member]) -> Result) -> Result {
        change { look($0) }
    }

    private func change<Result: Sendable>(_ change: (inout [JSONValue.Member]) -> Result) -> Result {
        state.withLock { state in
            if state.values == nil {
                let opened = request.headers[.cookie].flatMap { seal.open($0) }
                state.original = opened?.values ?? []
                state.values = state.original
                state.isStale = opened?.isStale ?? false
            }
            var values = state.values.take() ?? []
            defer { state.values = values }
            return change(&values)
        }
    }

    /// What the response has to say of it.
    enum Outcome {
        /// Nobody has asked for a value.
        case unused
        case unchanged
        case changed([JSONValue.Member])
    }

    var outcome: Outcome {
        state.withLock { state in
            guard let values = state.values else { return .unused }
            if !state.isStale, JSONValue.object(values) == JSONValue.object(state.original) {
                return .unchanged
            }
            // Whoever had no cookie need not be told to remove it.
            return values.isEmpty && state.original.isEmpty && !state.isStale ? .unchanged : .changed(values)
        }
    }
}

/// Gives a handler the visitor's session, which needs `Sessions` among the middleware.
public struct SessionInput: Input {
    /// The input; the handler is given the session.
    public init() {}

    public func value(in inputs: inout Inputs) async throws -> Session? { try inputs.context.session }

    public var extraction: InputExtraction { .reading { try $0.context.session } }
}

extension Context {
    /// The visitor's session; throws without `Sessions` among the middleware, which is a mistake of the application.
    public var session: Session {
        get throws {
            guard let session = self[SessionKey.self] else { throw MissingSessions() }
            return session
        }
    }
}

enum SessionKey: ContextKey {
    static let defaultValue: Session? = nil
}

private struct MissingSessions: Error, CustomStringConvertible {
    let description = "there is no session: Sessions() is not among the middleware"
}
