extension Inputs {
    /// Whether dependencies have to be looked up: one is overridden, or several inputs of the route share one.
    @usableFromInline
    var mayReplaceDependencies: Bool { context.matched.plan.looksUpDependencies }
}

extension Dependency {
    /// The value where a look-up is needed: the one that this request has made already, or that of the override.
    @usableFromInline
    func replacedValue(in inputs: inout Inputs) async throws -> Value? {
        let identity = ObjectIdentifier(self)
        let plan = inputs.context.matched.plan
        let isShared = plan.shared.contains(identity)
        if isShared, let value = inputs.solved[identity] as? Value { return value }
        let actual = plan.overrides[identity] as? Dependency ?? self
        let value: Value?
        switch actual.maker {
        case .constant(let constant): value = constant
        case .call(let make): value = try await make(&inputs)
        }
        if isShared, let value { inputs.solved[identity] = value }
        return value
    }

    public func describe(to operation: inout OperationDescription) {
        operation.add(self)
    }
}
