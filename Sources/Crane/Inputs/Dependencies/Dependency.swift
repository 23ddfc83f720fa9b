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
    @safe
    enum Maker: Sendable {
        case constant(Value)
        /// Made by the application's set-up.
        case application
        /// Puts a new value into the slot; false where something is wrong with the inputs.
        case call(InputExtraction.Later)
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
        let layout = ArgumentLayout(repeat each input)
        unsafe self.init(
            .call { inputs, slot in
                let outside = inputs.enter()
                let filled = try await layout.arguments(from: &inputs)
                inputs.leave(to: outside)
                guard var arguments = filled else { return false }
                let value = try await make(repeat arguments.take((each Part).Value.self))
                // The caller gives an empty slot of this type.
                unsafe slot.initializeMemory(as: Value.self, to: value)
                return true
            }, Dependency.list(repeat each input))
    }

    /// A dependency that is cleaned up after the response has been sent, or could not be.
    ///
    /// Of several the last one made is cleaned up first. `cleanUp` is told the error that the request ended with, if any: a
    /// transaction knows whether to commit.
    @inlinable
    public convenience init<each Part: Input>(
        _ input: repeat each Part,
        make: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Value,
        cleanUp: @escaping @Sendable (Value, (any Error)?) async -> Void
    ) {
        let layout = ArgumentLayout(repeat each input)
        unsafe self.init(
            .call { inputs, slot in
                let outside = inputs.enter()
                let filled = try await layout.arguments(from: &inputs)
                inputs.leave(to: outside)
                guard var arguments = filled else { return false }
                let value = try await make(repeat arguments.take((each Part).Value.self))
                inputs.context.cleanUp { await cleanUp(value, $0) }
                // As above.
                unsafe slot.initializeMemory(as: Value.self, to: value)
                return true
            }, Dependency.list(repeat each input))
    }

    @inlinable
    static func list<each Part: Input>(_ input: repeat each Part) -> [any Input] {
        var all: [any Input] = []
        for input in repeat each input { all.append(input) }
        return all
    }
}

extension Dependency: AnyDependency {
    var isConstant: Bool {
        switch maker {
        case .constant, .application: true
        case .call: false
        }
    }
}
