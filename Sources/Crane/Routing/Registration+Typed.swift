public import CraneHTTP
public import CraneSchema
public import HTTPTypes

// The closures are made here, inlined into the module of the route and so compiled for its very inputs and result.
extension Registration {
    /// A route whose handler gives back a value that is sent as JSON.
    @inlinable
    init<each Part: Input, Output: SchemaRepresentable>(
        _ method: HTTPRequest.Method, _ path: String, _ input: repeat each Part,
        value handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let schema = Output.schema
        let layout = ArgumentLayout(repeat each input)
        self.init(method, path, Registration.list(repeat each input), Operation.Output(schema)) { status in
            let hint = SizeHint()
            let status = status ?? .ok
            // RFC 9110, section 6.4.1: these have no content.
            let isEmpty = [204, 205, 304].contains(status.code)
            return { request, context in
                var inputs = Inputs(request, context)
                if inputs.needsPreparation { try await inputs.prepare() }
                guard var arguments = try await layout.arguments(from: &inputs) else { throw inputs.refusal }
                let output = try await handler(repeat arguments.take((each Part).Value.self))
                if isEmpty { return context.changed(Response(status: status)) }
                var writer = JSONWriter(capacity: hint.capacity)
                schema.write(output, to: &writer)
                hint.note(writer.count)
                return context.changed(.json(writer.bytes, status: status))
            }
        }
    }

    /// A route whose handler makes the response itself.
    @inlinable
    init<each Part: Input, Output: ResponseConvertible>(
        _ method: HTTPRequest.Method, _ path: String, _ input: repeat each Part,
        answer handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let layout = ArgumentLayout(repeat each input)
        self.init(method, path, Registration.list(repeat each input), Operation.Output(Output.self)) {
            status in
            { request, context in
                var inputs = Inputs(request, context)
                if inputs.needsPreparation { try await inputs.prepare() }
                guard var arguments = try await layout.arguments(from: &inputs) else { throw inputs.refusal }
                let output = try await handler(repeat arguments.take((each Part).Value.self))
                return context.changed(
                    try await output.response(for: request, context: context, status: status))
            }
        }
    }

    /// A route whose handler gives nothing back: 204 unless it was told another status.
    @inlinable
    init<each Part: Input>(
        _ method: HTTPRequest.Method, _ path: String, _ input: repeat each Part,
        nothing handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Void
    ) {
        let layout = ArgumentLayout(repeat each input)
        self.init(method, path, Registration.list(repeat each input), .nothing) { status in
            { request, context in
                var inputs = Inputs(request, context)
                if inputs.needsPreparation { try await inputs.prepare() }
                guard var arguments = try await layout.arguments(from: &inputs) else { throw inputs.refusal }
                try await handler(repeat arguments.take((each Part).Value.self))
                return context.changed(Response(status: status ?? .noContent))
            }
        }
    }

    /// A route that cannot be: nothing says how its handler's result is sent.
    @usableFromInline
    init(withoutSchema method: HTTPRequest.Method, _ path: String, _ result: Any.Type) {
        self.init(method: method, path: path) { _, _ in throw HTTPError(.internalServerError) }
        mistake = """
            its handler gives \(result), which has no schema: make it SchemaRepresentable or ResponseConvertible
            """
    }
}
