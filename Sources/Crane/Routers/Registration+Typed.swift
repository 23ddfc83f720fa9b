public import HTTPTypes
public import HTTPWire
public import Schema

extension Registration {
    /// A route whose handler gives back a value that is sent as JSON.
    @inlinable
    init<each Part: Input, Output: Describable>(
        _ method: HTTPRequest.Method, _ path: String, _ operation: Operation, _ input: repeat each Part,
        handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let shape = Output.schema
        let status = operation.status ?? .ok
        let hint = SizeHint()
        self.init(
            method, path, operation.taking(repeat each input).giving(shape),
            handler: { request, context in
                var inputs = Inputs(request, context)
                if inputs.needsPreparation { try await inputs.prepare() }
                let values = (repeat try await (each input).value(in: &inputs))
                try inputs.check()
                let output = try await handler(repeat try inputs.taken(each values))
                var writer = JSONWriter(capacity: hint.capacity)
                shape.write(output, to: &writer)
                hint.note(writer.count)
                return .json(writer.bytes, status: status)
            })
    }

    /// A route whose handler makes the response itself.
    @inlinable
    init<each Part: Input, Output: Answer>(
        _ method: HTTPRequest.Method, _ path: String, _ operation: Operation, _ input: repeat each Part,
        answer handler: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Output
    ) {
        let status = operation.status
        self.init(
            method, path, operation.taking(repeat each input).giving(Output.self),
            handler: { request, context in
                var inputs = Inputs(request, context)
                if inputs.needsPreparation { try await inputs.prepare() }
                let values = (repeat try await (each input).value(in: &inputs))
                try inputs.check()
                let output = try await handler(repeat try inputs.taken(each values))
                return try await output.response(for: request, context: context, status: status)
            })
    }
}
