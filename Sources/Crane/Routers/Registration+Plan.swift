extension Registration {
    /// Checks the inputs and lays down how they are read; throws what is wrong with them.
    func plan(
        for pattern: RoutePattern, overrides: [ObjectIdentifier: any AnyDependency]
    ) throws(RegistrationError) -> RoutePlan {
        let dependencies = dependencies + (operation?.dependencies ?? [])
        let description = OperationDescription(
            dependencies + (operation?.inputs ?? []), overrides: overrides)
        func mistake(_ reason: String) -> RegistrationError {
            RegistrationError(route: name, reason: reason)
        }
        if description.bodyCount > 1 {
            throw mistake("two of its inputs take the body; a request has one")
        }
        if isHandshake, description.bodyCount > 0 {
            throw mistake("one of its inputs takes the body; a handshake has none")
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
        return RoutePlan(description, dependencies: dependencies, overrides: overrides)
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
