import CraneSchema

extension Registration {
    /// Checks the inputs and lays down how they are read; throws what is wrong with them.
    func plan(
        for pattern: RoutePattern, overrides: [ObjectIdentifier: any AnyDependency],
        components: inout SchemaComponents
    ) throws(RegistrationError) -> InputPlan? {
        let dependencies = dependencies + (operation?.dependencies ?? [])
        var description = OperationDescription(
            dependencies + (operation?.inputs ?? []), overrides: overrides)
        description.check(count: operation?.inputs ?? [])
        func mistake(_ reason: String) -> RegistrationError {
            RegistrationError(route: name, reason: reason)
        }
        if let reason = description.mistake { throw mistake(reason) }
        if description.bodyCount > 1 {
            throw mistake("two of its inputs take the body; a request has one")
        }
        if isHandshake, description.bodyCount > 0 {
            throw mistake("one of its inputs takes the body; a handshake has none")
        }
        for security in description.securities where !SchemaComponents.isComponentName(security.name) {
            throw mistake(SchemaComponents.nameMistake(security.name))
        }
        let named = pattern.parameters.map(\.name)
        let taken = description.parameters.filter { $0.notes.place == .path }.map(\.notes.name)
        for name in taken where !named.contains(name) {
            throw mistake("Path(\"\(name)\") has no {\(name)} in the path")
        }
        if operation != nil, !description.takesAnyPath {
            for name in named where !taken.contains(name) {
                throw mistake("no Path(\"\(name)\") takes {\(name)}")
            }
        }
        // Undocumented types share their names with nobody.
        var own = SchemaComponents()
        if operation?.isDocumented == true {
            describe(description, to: &components)
        } else {
            describe(description, to: &own)
        }
        if let reason = components.mistake ?? own.mistake { throw mistake(reason) }
        return InputPlan(description, dependencies: dependencies, overrides: overrides)
    }

    /// Describes all schemas of the route, for what is wrong with them.
    private func describe(_ description: OperationDescription, to components: inout SchemaComponents) {
        for parameter in description.parameters {
            _ = components.naming(parameter.title) { parameter.schema(&$0) }
        }
        for body in description.bodies { _ = components.naming("the body") { body.schema(&$0) } }
        guard let operation else { return }
        _ = components.naming("the answer") { operation.output.schema?(&$0) ?? .null }
        for (status, response) in operation.responses {
            _ = components.naming("the answer \(status.code)") { response.schema?(&$0) ?? .null }
        }
    }

    /// The same route further in: under a prefix, with tags, dependencies and responses before its own.
    func under(_ prefix: String, _ commons: Commons) -> Registration {
        var copy = self
        copy.path = prefix + path
        copy.dependencies = commons.dependencies + dependencies
        guard operation != nil else { return copy }
        copy.operation?.tags = commons.tags + (operation?.tags ?? [])
        copy.operation?.responses.merge(commons.responses) { own, _ in own }
        if commons.isDeprecated { copy.operation?.isDeprecated = true }
        return copy
    }

    /// The handler, after the inputs of the routers around it where it takes none itself.
    var guardedHandler: Handler {
        guard operation == nil, !dependencies.isEmpty else { return handler }
        return { [handler] request, context in
            var inputs = Inputs(request, context)
            try await inputs.prepare()
            try inputs.check()
            return try await handler(request, context)
        }
    }
}
