import CraneHTTP
import HTTPTypes

/// How the errors of some routes are answered: what `onError` has registered with an application or a router.
public struct ErrorHandlers: Sendable {
    struct Handler: Sendable {
        /// Whether it takes what nobody else expects, and nothing else.
        let isForUnexpected: Bool
        /// The type of the errors that it takes.
        let type: any Error.Type
        /// What OpenAPI says of its responses; `nil` where nobody tells.
        let description: ResponseDescription?
        /// The status that they have, where it is not the error's own.
        let status: HTTPResponse.Status?
        /// The response to an error of the type; `nil` for any other.
        let respond: @Sendable (any Error, Request, Context) throws -> Response?
    }

    var handlers: [Handler] = []

    init() {}

    var isEmpty: Bool { handlers.isEmpty }

    /// What the first handler that takes the error makes of it, or else the first that takes the `HTTPError` it stands for.
    func response(to error: any Error, _ request: Request, _ context: Context) throws -> Response? {
        for handler in handlers where !handler.isForUnexpected {
            if let response = try handler.respond(error, request, context) { return response }
        }
        guard !(error is HTTPError), let other = error as? any HTTPErrorConvertible else { return nil }
        return try response(to: other.httpError, request, context)
    }

    /// What the handler of all errors makes of one that nobody expected.
    func response(toUnexpected error: any Error, _ request: Request, _ context: Context) throws -> Response? {
        try handlers.first(where: \.isForUnexpected)?.respond(error, request, context)
    }

    /// The first that takes errors of the type.
    func first(for type: any Error.Type) -> Handler? { handlers.first { $0.type == type } }

    mutating func add<Failure: Error>(
        _ type: Failure.Type, _ status: HTTPResponse.Status?, _ description: ResponseDescription?,
        _ respond: @escaping @Sendable (Failure, Request, Context) throws -> Response
    ) {
        handlers.append(
            Handler(
                isForUnexpected: type == (any Error).self, type: type, description: description,
                status: status
            ) { error, request, context in
                guard let error = error as? Failure else { return nil }
                return try respond(error, request, context)
            })
    }
}
