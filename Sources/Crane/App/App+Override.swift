extension App {
    /// Puts another dependency in the place of `dependency`, wherever a route or a dependency names it.
    ///
    /// ```swift
    /// app.override(currentUser) { User(name: "test") }
    /// ```
    /// For tests above all. What the replaced one takes as inputs is not asked for any more; the new one may take its own.
    @inlinable
    public mutating func override<each Part: Input, Value>(
        _ dependency: Dependency<Value>, _ input: repeat each Part,
        make: @escaping @Sendable @concurrent (repeat (each Part).Value) async throws -> Value
    ) {
        override(dependency, with: Dependency(repeat each input, make: make))
    }

    /// Puts another dependency in the place of `dependency`.
    public mutating func override<Value>(_ dependency: Dependency<Value>, with other: Dependency<Value>) {
        overrides[ObjectIdentifier(dependency)] = other
    }
}
