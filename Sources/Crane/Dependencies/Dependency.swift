/// Something that routes need and that is made for a request: a service, the current user, a transaction.
///
/// ```swift
/// let bearer = HTTPBearer()
/// let currentUser = Dependency(bearer) { token in try await users.user(token.credentials) }
/// app.get("/me", currentUser) { user in user }
/// ```
/// A dependency is itself an input, and takes inputs itself. It is made at most once a request, however many routes and
/// dependencies name it, and is known by identity: keep it in a constant. What it throws ends the request.
public final class Dependency<Value: Sendable>: Input {
    @usableFromInline
    enum Maker: Sendable {
        case constant(Value)
        case call(@Sendable (inout Inputs) async throws -> Value?)
    }

    @usableFromInline let maker: Maker
    let inputs: [any Input]

    @usableFromInline
    init(_ maker: Maker, _ inputs: [any Input]) {
        self.maker = maker
        self.inputs = inputs
    }

    /// A dependency that is the same for all requests, and costs nothing.
    @inlinable
    public static func constant(_ value: Value) -> Dependency {
        Dependency(.constant(value), [])
    }

    /// A dependency that `make` gives for each request that needs it.
    @inlinable
    public convenience init<each Part: Input>(
        _ input: repeat each Part,
        make: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Value
    ) {
        var all: [any Input] = []
        for input in repeat each input { all.append(input) }
        self.init(
            .call { inputs in
                let outside = inputs.enter()
                let values = (repeat try await (each input).value(in: &inputs))
                guard inputs.leave(to: outside) else { return nil }
                return try await make(repeat try inputs.taken(each values))
            }, all)
    }

    /// A dependency that is cleaned up after the answer has been sent, or could not be.
    ///
    /// Of several the last one made is cleaned up first. `cleanUp` is told the error that the request ended with, if any: a
    /// transaction knows whether to commit.
    @inlinable
    public convenience init<each Part: Input>(
        _ input: repeat each Part,
        make: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Value,
        cleanUp: @escaping @Sendable (Value, (any Error)?) async -> Void
    ) {
        var all: [any Input] = []
        for input in repeat each input { all.append(input) }
        self.init(
            .call { inputs in
                let outside = inputs.enter()
                let values = (repeat try await (each input).value(in: &inputs))
                guard inputs.leave(to: outside) else { return nil }
                let made = try await make(repeat try inputs.taken(each values))
                inputs.context.cleanUp { await cleanUp(made, $0) }
                return made
            }, all)
    }

    @inlinable
    public func value(in inputs: inout Inputs) async throws -> Value? {
        if inputs.mayReplaceDependencies { return try await replacedValue(in: &inputs) }
        switch maker {
        case .constant(let value): return value
        case .call(let make): return try await make(&inputs)
        }
    }
}
