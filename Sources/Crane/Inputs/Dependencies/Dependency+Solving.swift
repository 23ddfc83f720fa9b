extension Dependency {
    public func value(in inputs: inout Inputs) async throws -> Value? {
        inputs.looksUpDependencies ? try await found(in: &inputs) : try await made(in: &inputs)
    }

    public var extraction: InputExtraction {
        let lookingUp: InputExtraction.Later = { inputs, slot in
            guard let value = try await self.found(in: &inputs) else { return false }
            // The frame gives an empty slot of this type.
            unsafe slot.initializeMemory(as: Value.self, to: value)
            return true
        }
        switch maker {
        case .constant(let value):
            return unsafe InputExtraction(
                of: Value.self,
                now: { inputs, slot in
                    // The slot is filled already.
                    if inputs.looksUpDependencies { return false }
                    // As above.
                    unsafe slot.initializeMemory(as: Value.self, to: value)
                    return true
                }, later: nil, lookingUp: lookingUp)
        case .application:
            return unsafe InputExtraction(
                of: Value.self,
                now: { inputs, slot in
                    if inputs.looksUpDependencies { return false }
                    // As above.
                    unsafe slot.initializeMemory(
                        as: Value.self, to: try self.value(in: inputs.context.configuration))
                    return true
                }, later: nil, lookingUp: lookingUp)
        case .call(let fill):
            return unsafe InputExtraction(of: Value.self, now: nil, later: fill, lookingUp: lookingUp)
        }
    }

    /// The value that this request has made already, or that of the override, or a new one.
    private func found(in inputs: inout Inputs) async throws -> Value? {
        let identity = ObjectIdentifier(self)
        guard let plan = inputs.context.inputPlan else { return try await made(in: &inputs) }
        // Who is asked for with scopes may answer otherwise than without.
        let isShared = plan.shared.contains(identity) && (inputs.scopes.isEmpty || !takesScopes)
        // Looked up before it is cast: nothing, cast to an optional `Value`, would be a value.
        if isShared, let made = inputs.solved[identity] { return made as? Value }
        let actual = plan.overrides[identity] as? Dependency ?? self
        let value = try await actual.made(in: &inputs)
        if isShared, let value { inputs.solved[identity] = value }
        return value
    }

    /// A new value.
    private func made(in inputs: inout Inputs) async throws -> Value? {
        switch maker {
        case .constant(let value): return value
        case .application: return try self.value(in: inputs.context.configuration)
        case .call(let fill):
            // Freed on all ways out; `fill` says whether it left a value there.
            let slot = UnsafeMutablePointer<Value>.allocate(capacity: 1)
            defer { unsafe slot.deallocate() }
            guard unsafe try await fill(&inputs, UnsafeMutableRawPointer(slot)) else { return nil }
            return unsafe slot.move()
        }
    }

    public func describe(to operation: inout InputsDescription) {
        operation.add(self)
    }
}

extension Dependency {
    /// The value of a dependency that is the same for all requests; throws for every other.
    func value(
        in configuration: AppConfiguration, overrides: [ObjectIdentifier: any AnyDependency] = [:]
    ) throws -> Value {
        let actual = overrides[ObjectIdentifier(self)] as? Dependency ?? self
        switch actual.maker {
        case .constant(let value): return value
        case .application:
            if let value = configuration.value(ObjectIdentifier(actual)) as? Value { return value }
            throw LifespanError("\(Value.self) has not been made: the application's set-up has not run")
        case .call:
            throw LifespanError("\(Value.self) is made for each request, and so there is none beside them")
        }
    }
}

/// Why a dependency's value, or an application's set-up, is not there.
struct LifespanError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
