public import CraneHTTP

/// The request itself, for what no other input gives.
public struct RequestInput: Input {
    /// The input; the handler is given the request.
    public init() {}

    public func value(in inputs: inout Inputs) async throws -> Request? { inputs.request }

    public var extraction: InputExtraction { .reading { $0.request } }

    public func describe(to operation: inout InputsDescription) { operation.takesAnyPath = true }
}

/// The request's context: the client, the log, the loop, the path's parameters.
public struct ContextInput: Input {
    /// The input; the handler is given the context.
    public init() {}

    public func value(in inputs: inout Inputs) async throws -> Context? { inputs.context }

    public var extraction: InputExtraction { .reading { $0.context } }

    public func describe(to operation: inout InputsDescription) { operation.takesAnyPath = true }
}
