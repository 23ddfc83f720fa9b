public import CraneHTTP
public import CraneSchema
public import HTTPTypes

extension Registration {
    /// A route whose handler gives back a value that is sent as JSON.
    @inlinable
    init<each Part: Input, Output: Describable>(
        _ method: HTTPRequest.Method, _ path: String, _ operation: Operation, _ input: repeat each Part,
        handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let shape = Output.schema
        let frame = InputFrame(repeat each input)
        let status = operation.status ?? .ok
        let hint = SizeHint()
        // RFC 9110, section 6.4.1: these have no content.
        let isEmpty = [204, 205, 304].contains(status.code)
        self.init(
            method, path, operation.taking(repeat each input).giving(shape),
            handler: { request, context in
                var inputs = Inputs(request, context)
                if inputs.needsPreparation { try await inputs.prepare() }
                guard var slots = try await frame.slots(from: &inputs) else { throw inputs.refusal }
                let output = try await handler(repeat slots.take((each Part).Value.self))
                if isEmpty { return context.changed(Response(status: status)) }
                var writer = JSONWriter(capacity: hint.capacity)
                shape.write(output, to: &writer)
                hint.note(writer.count)
                return context.changed(.json(writer.bytes, status: status))
            })
    }

    /// A route whose handler makes the response itself.
    @inlinable
    init<each Part: Input, Output: Answer>(
        _ method: HTTPRequest.Method, _ path: String, _ operation: Operation, _ input: repeat each Part,
        answer handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let frame = InputFrame(repeat each input)
        let status = operation.status
        self.init(
            method, path, operation.taking(repeat each input).giving(Output.self),
            handler: { request, context in
                var inputs = Inputs(request, context)
                if inputs.needsPreparation { try await inputs.prepare() }
                guard var slots = try await frame.slots(from: &inputs) else { throw inputs.refusal }
                let output = try await handler(repeat slots.take((each Part).Value.self))
                return context.changed(
                    try await output.response(for: request, context: context, status: status))
            })
    }
}
