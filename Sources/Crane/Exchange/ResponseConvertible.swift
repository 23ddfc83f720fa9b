public import CraneHTTP
public import CraneSchema
public import HTTPTypes

/// A value that a handler gives back and that becomes a response: `Response` itself, a file, a stream, a redirect, HTML.
///
/// Types that describe themselves (`SchemaRepresentable`) need not conform: they are sent as JSON.
public protocol ResponseConvertible: Sendable {
    /// The type of the body, as OpenAPI has it; `nil` where it has none or an unknown one.
    static var mediaType: String? { get }

    /// The status that OpenAPI documents where the route names none.
    static var defaultStatus: HTTPResponse.Status { get }

    /// The schema of a JSON body; `nil` for what is none, or of a form that nobody tells.
    static func jsonSchema(_ components: inout SchemaComponents) -> JSONValue?

    /// Makes the response; `status` is what the route names, if it does. Runs on the request's loop.
    func response(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) async throws -> Response

    /// The same for a handler that does not wait: ready where nothing has to be waited for. Waits for `response` unless the type
    /// knows better.
    consuming func eventualResponse(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) throws -> EventualResponse
}

extension ResponseConvertible {
    public func eventualResponse(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) throws -> EventualResponse {
        .pending { try await response(for: request, context: context, status: status) }
    }

    public static var mediaType: String? { nil }
    public static var defaultStatus: HTTPResponse.Status { .ok }
    public static func jsonSchema(_ components: inout SchemaComponents) -> JSONValue? { nil }
}

/// A value whose response never waits, so that a handler which does not wait is answered without a task.
public protocol SynchronousResponseConvertible: ResponseConvertible {
    /// Makes the response; `status` is what the route names, if it does. Runs on the request's loop, which it must not block.
    func response(for request: Request, context: Context, status: HTTPResponse.Status?) throws -> Response
}

extension SynchronousResponseConvertible {
    public func eventualResponse(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) throws -> EventualResponse {
        .ready(try response(for: request, context: context, status: status))
    }
}

extension Response: ResponseConvertible {
    @inlinable
    public func response(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) async throws -> Response {
        self
    }

    @inlinable
    public consuming func eventualResponse(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) throws -> EventualResponse {
        .ready(self)
    }
}

extension EventualResponse: ResponseConvertible {
    public func response(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) async throws -> Response {
        try await response
    }

    @inlinable
    public consuming func eventualResponse(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) throws -> EventualResponse {
        self
    }
}
