/// One thing that a route takes from a request: it reads it, checks it, and says what it is in OpenAPI.
///
/// `Path`, `Query`, `Header`, `Cookie`, `Body` and `Dependency` are the usual ones. An input of your own needs `value(in:)`
/// only: it throws a `ResponseError` to end the request, or notes an issue and gives back `nil`.
public protocol Input<Value>: Sendable {
    /// What the handler is given.
    associatedtype Value: Sendable

    /// Takes the value out of the request; `nil` after an issue has been noted in `inputs`.
    ///
    /// Runs on the loop of the request's connection, once for every route or dependency that names this input.
    func value(in inputs: inout Inputs) async throws -> Value?

    /// How the value is taken for a handler: by `value(in:)` unless the input knows better.
    var extraction: InputExtraction { get }

    /// Says what the input takes; asked at `App.build()` and for OpenAPI.
    func describe(to operation: inout InputsDescription)
}

extension Input {
    public var extraction: InputExtraction { .running { try await value(in: &$0) } }
    public func describe(to operation: inout InputsDescription) {}
}
