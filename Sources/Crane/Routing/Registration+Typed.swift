public import CraneHTTP
public import CraneSchema
public import HTTPTypes

// The closures are made here, inlined into the module of the route and so compiled for its very inputs and result.
extension Registration {
    /// A route whose handler may wait, and gives back a value that is sent as JSON.
    @inlinable
    init<each Part: Input, Output: SchemaRepresentable>(
        _ method: HTTPRequest.Method, _ path: String, _ input: repeat each Part,
        value handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let schema = Output.schema
        let layout = ArgumentLayout(repeat each input)
        self.init(method, path, Registration.list(repeat each input), Operation.Output(schema)) { status in
            let encode = Registration.encoding(schema, status)
            return layout.handler { _, context, arguments in
                var arguments = arguments
                return try encode(
                    try await handler(repeat arguments.take((each Part).Value.self)), context)
            }
        }
    }

    /// A route whose handler gives back at once a value that is sent as JSON.
    @inlinable
    init<each Part: Input, Output: SchemaRepresentable>(
        _ method: HTTPRequest.Method, _ path: String, _ input: repeat each Part,
        valueNow handler: @escaping @Sendable (repeat (each Part).Value) throws -> Output
    ) {
        let schema = Output.schema
        let layout = ArgumentLayout(repeat each input)
        self.init(method, path, Registration.list(repeat each input), Operation.Output(schema)) { status in
            let encode = Registration.encoding(schema, status)
            return layout.handlerNow { _, context, arguments in
                var arguments = arguments
                return .ready(
                    try encode(try handler(repeat arguments.take((each Part).Value.self)), context))
            }
        }
    }

    /// A route whose handler may wait, and makes the response itself.
    @inlinable
    init<each Part: Input, Output: ResponseConvertible>(
        _ method: HTTPRequest.Method, _ path: String, _ input: repeat each Part,
        answer handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let layout = ArgumentLayout(repeat each input)
        self.init(method, path, Registration.list(repeat each input), Operation.Output(Output.self)) {
            status in
            layout.handler { request, context, arguments in
                var arguments = arguments
                let output = try await handler(repeat arguments.take((each Part).Value.self))
                return context.changed(
                    try await output.response(for: request, context: context, status: status))
            }
        }
    }

    /// A route whose handler gives back at once what makes the response.
    @inlinable
    init<each Part: Input, Output: ResponseConvertible>(
        _ method: HTTPRequest.Method, _ path: String, _ input: repeat each Part,
        answerNow handler: @escaping @Sendable (repeat (each Part).Value) throws -> Output
    ) {
        let layout = ArgumentLayout(repeat each input)
        self.init(method, path, Registration.list(repeat each input), Operation.Output(Output.self)) {
            status in
            layout.handlerNow { request, context, arguments in
                var arguments = arguments
                // Consumed where it comes: a copy of a response is a dozen references.
                return context.changed(
                    try handler(repeat arguments.take((each Part).Value.self))
                        .eventualResponse(for: request, context: context, status: status))
            }
        }
    }

    /// A route whose handler may wait and gives nothing back: 204 unless it was told another status.
    @inlinable
    init<each Part: Input>(
        _ method: HTTPRequest.Method, _ path: String, _ input: repeat each Part,
        nothing handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Void
    ) {
        let layout = ArgumentLayout(repeat each input)
        self.init(method, path, Registration.list(repeat each input), .nothing) { status in
            layout.handler { _, context, arguments in
                var arguments = arguments
                try await handler(repeat arguments.take((each Part).Value.self))
                return context.changed(Response(status: status ?? .noContent))
            }
        }
    }

    /// Makes the response of a value, as JSON; throws where a part of it could not be encoded.
    @inlinable
    static func encoding<Content: Schema>(
        _ schema: Content, _ status: HTTPResponse.Status?
    ) -> @Sendable (Content.Value, Context) throws -> Response {
        let hint = SizeHint()
        let status = status ?? .ok
        // RFC 9110, section 6.4.1: these have no content.
        let isEmpty = [204, 205, 304].contains(status.code)
        return { value, context in
            if isEmpty { return context.changed(Response(status: status)) }
            let json = try JSONWriter.bytes(capacity: hint.capacity) {
                schema.write(value, to: &$0)
                try $0.check()
            }
            hint.note(json.count)
            return context.changed(.json(json, status: status))
        }
    }
}

// How a handler is given the values of its inputs.
extension ArgumentLayout {
    /// A handler that waits, or whose inputs do.
    @inlinable
    func handler(
        _ respond: @escaping @Sendable (Request, Context, Arguments) async throws -> Response
    ) -> EventualHandler {
        { [self] request, context in
            .pending {
                var inputs = Inputs(request, context)
                if inputs.needsPreparation, try !inputs.prepareNow() { try await inputs.prepare() }
                // What need not wait is plain calls: an asynchronous one has a frame and asks where to run.
                let arguments =
                    self.waits(for: inputs)
                    ? try await self.arguments(from: &inputs) : try self.argumentsNow(from: &inputs)
                guard let arguments else { throw inputs.refusal }
                return try await respond(request, context, arguments)
            }
        }
    }

    /// A handler that does not wait: no task is needed where its inputs do not either.
    @inlinable
    func handlerNow(
        _ respond: @escaping @Sendable (Request, Context, Arguments) throws -> EventualResponse
    ) -> EventualHandler {
        let waiting = handler { try await respond($0, $1, $2).response }
        if waits { return waiting }
        return { [self] request, context in
            var inputs = Inputs(request, context)
            if inputs.needsPreparation, try !inputs.prepareNow() { return try waiting(request, context) }
            let response = try withFilled(&inputs) { try respond(request, context, $0) }
            guard let response else { throw inputs.refusal }
            return response
        }
    }
}
