public import CraneHTTP
public import CraneSchema
public import HTTPTypes

extension RouteCollection {
    /// Answers errors of one type in a form of your own, whoever has thrown them: a handler, an input, or a middleware.
    ///
    /// ```swift
    /// app.onError(OutOfStock.self) { error, request, context in
    ///     .json(["error": "out of stock"], status: .conflict)
    /// }
    /// ```
    /// On a router it is for requests that match one of its routes, and goes before that of what lies around. Of several that fit, the
    /// one that was registered first takes the error, as with `catch`; what one of them throws is left to those around its router.
    ///
    /// What Crane refuses by itself is an `HTTPError` too: no route (`UnmatchedError`), a body too long, no free worker.
    /// `RequestValidationError` is the 422. `(any Error).self` takes what nobody expects, is logged before, and would be the plain 500.
    /// OpenAPI does not know of such a response: routes and routers tell of it by `responds`.
    /// - Parameters:
    ///   - type: the errors that it takes.
    ///   - handler: makes the response, on the request's loop, which it must not block.
    public mutating func onError<Failure: Error>(
        _ type: Failure.Type,
        handler:
            @escaping @Sendable (_ error: Failure, _ request: Request, _ context: Context) throws -> Response
    ) {
        errorHandlers.add(type, nil, nil, handler)
    }

    /// Answers errors of one type with JSON of a described type, which OpenAPI then has for what it knows of: the refusal of inputs, and
    /// the statuses of `responds` that name no type where it takes `HTTPError`.
    ///
    /// ```swift
    /// app.onError(RequestValidationError.self, status: .badRequest) { error, _, _ in
    ///     Failure(title: "Invalid", issues: error.issues)
    /// }
    /// ```
    /// Fields of an `HTTPError` are kept.
    /// - Parameters:
    ///   - type: the errors that it takes.
    ///   - status: that of the response; without it an `HTTPError`'s own, 422 for inputs that do not fit, and 500 for others.
    ///   - mediaType: the value of `Content-Type`.
    ///   - handler: makes the body, on the request's loop, which it must not block.
    public mutating func onError<Failure: Error, Output: SchemaRepresentable>(
        _ type: Failure.Type, status: HTTPResponse.Status? = nil, mediaType: String = "application/json",
        handler:
            @escaping @Sendable (_ error: Failure, _ request: Request, _ context: Context) throws -> Output
    ) {
        let description = ResponseDescription(nil, Output.self, mediaType: mediaType)
        errorHandlers.add(type, status, description) { error, request, context in
            let body = Output.schema.encode(try handler(error, request, context))
            let own = error as? HTTPError
            let usual: HTTPResponse.Status =
                error is RequestValidationError ? .unprocessableContent : .internalServerError
            var response = Response(
                status: status ?? own?.status ?? usual, headers: [.contentType: mediaType],
                body: ResponseBody(body))
            if let own { response.headers.replace(with: own.headers) }
            return response
        }
    }
}

extension App {
    /// Answers what no route takes: 404, and 405 where the path has routes of other methods.
    ///
    /// ```swift
    /// app.onUnmatched { request, context in .html(notFoundPage, status: .notFound) }
    /// ```
    /// The redirect to the slash, and `OPTIONS`, are answered before. A 405 is given its `Allow` where it has none
    /// (RFC 9110, section 15.5.6); which methods there are, `onError(UnmatchedError.self)` is told.
    /// - Parameter handler: makes the response, on the request's loop, which it must not block.
    public mutating func onUnmatched(
        _ handler: @escaping @Sendable (_ request: Request, _ context: Context) throws -> Response
    ) {
        errorHandlers.add(UnmatchedError.self, nil, nil) { error, request, context in
            var response = try handler(request, context)
            if response.status == .methodNotAllowed, response.headers[.allow] == nil {
                response.headers[.allow] = error.allow
            }
            return response
        }
    }
}

extension RouteCollection {
    /// What the compiler says to who looks for Starlette's name.
    @available(*, unavailable, renamed: "onError(_:handler:)")
    public mutating func exceptionHandler<Failure: Error>(
        _ type: Failure.Type,
        handler: @escaping @Sendable (Failure, Request, Context) throws -> Response
    ) {
        fatalError("unavailable")
    }
}
