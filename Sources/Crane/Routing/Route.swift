public import CraneSchema
public import HTTPTypes
import Synchronization

/// A registered route, to say more of it: what `get` and its kin give back.
///
/// ```swift
/// app.post("/notes", Body(NewNote.self)) { note in try await notes.add(note) }
///     .status(.created).tags("notes").responds(.conflict, "There is such a note already")
/// ```
/// Belongs to the code that registers routes, before the start. Once its router is included or its application is built, a route
/// is settled, and changing it traps with its name.
public final class Route: Sendable {
    private struct State {
        var registration: Registration
        var isSettled = false
    }

    private let state: Mutex<State>

    @usableFromInline
    init(_ registration: Registration) {
        state = Mutex(State(registration: registration))
    }

    /// What has been said of the route so far.
    var registration: Registration { state.withLock { $0.registration } }

    /// What has been said of the route in the end.
    func settled() -> Registration {
        state.withLock { state in
            state.isSettled = true
            return state.registration
        }
    }

    private func change(_ modifier: StaticString, _ change: (inout Registration) -> Void) -> Route {
        let settled = state.withLock { state -> String? in
            if state.isSettled { return state.registration.name }
            change(&state.registration)
            return nil
        }
        if let settled {
            fatalError(
                "route \(settled): \(modifier) comes after its router was included or its application built")
        }
        return self
    }

    private func document(_ modifier: StaticString, _ change: (inout Operation) -> Void) -> Route {
        self.change(modifier) { registration in
            guard var operation = registration.operation else {
                registration.mistake =
                    registration.mistake
                    ?? "\(modifier) is for OpenAPI, which has no WebSockets and no handlers that read the request themselves"
                return
            }
            change(&operation)
            registration.operation = operation
        }
    }
}

extension Route {
    /// The status of the response when all goes well; without it 200, 204 for a handler that gives nothing, or what a `ResponseConvertible` says.
    @discardableResult
    public func status(_ status: HTTPResponse.Status) -> Route {
        document("status") { $0.status = status }
    }

    /// `read_comment`: what operation id and summary are made of; without it, method and path.
    @discardableResult
    public func name(_ name: String) -> Route {
        document("name") { $0.name = name }
    }

    /// The operation id itself, which no other route has: clients are generated from it.
    @discardableResult
    public func operationID(_ id: String) -> Route {
        document("operationID") { $0.id = id }
    }

    /// The route in a few words, in the place of those that its name gives.
    @discardableResult
    public func summary(_ text: String) -> Route {
        document("summary") { $0.summary = text }
    }

    /// What the route does; Markdown.
    @discardableResult
    public func description(_ text: String) -> Route {
        document("description") { $0.description = text }
    }

    /// Groups that the documentation shows the route in, after those of its routers.
    @discardableResult
    public func tags(_ tags: String...) -> Route {
        document("tags") { $0.tags += tags }
    }

    /// What OpenAPI says of another response; the status's reason phrase where `text` is `nil`.
    @discardableResult
    public func responds(_ status: HTTPResponse.Status, _ text: String? = nil) -> Route {
        document("responds") { $0.responses[status] = ResponseDescription(text) }
    }

    /// What OpenAPI says of another response, whose body is JSON of one type.
    @inlinable
    @discardableResult
    public func responds<Value: SchemaRepresentable>(
        _ status: HTTPResponse.Status, _ text: String? = nil, _ type: Value.Type
    ) -> Route {
        responds(status, ResponseDescription(text, type))
    }

    @usableFromInline
    func responds(_ status: HTTPResponse.Status, _ description: ResponseDescription) -> Route {
        document("responds") { $0.responses[status] = description }
    }

    /// What OpenAPI says of the response's body, where the handler's result does not: JSON of one type.
    @inlinable
    @discardableResult
    public func returns<Value: SchemaRepresentable>(_ type: Value.Type) -> Route {
        returns { Value.schema.jsonSchema(&$0) }
    }

    @usableFromInline
    func returns(_ schema: @escaping @Sendable (inout SchemaComponents) -> JSONValue) -> Route {
        document("returns") { $0.output = $0.output.documented(by: schema) }
    }

    /// What OpenAPI says of the response's body: its media type only, `text/csv`.
    @discardableResult
    public func returns(_ mediaType: String) -> Route {
        document("returns") { $0.output = $0.output.documented(asMedia: mediaType) }
    }

    /// Marks the route as one that clients should leave.
    @discardableResult
    public func deprecated() -> Route {
        document("deprecated") { $0.isDeprecated = true }
    }

    /// Leaves the route out of OpenAPI.
    @discardableResult
    public func hidden() -> Route {
        document("hidden") { $0.isDocumented = false }
    }

    /// Takes inputs for their effects only, after those of the routers around and before the handler's own: nobody gets their values.
    @discardableResult
    public func dependencies(_ inputs: any Input...) -> Route {
        change("dependencies") { $0.dependencies += inputs }
    }

    /// Puts middleware around the route, the first outermost, inside that of the routers around and of the application.
    @discardableResult
    public func middleware(_ middleware: any Middleware...) -> Route {
        change("middleware") { $0.middleware += middleware }
    }
}
