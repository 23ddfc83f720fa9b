import CraneSchema

extension Registration {
    /// Checks the inputs and lays down how they are read; throws what is wrong with them.
    ///
    /// - Parameter components: what looks for mistakes in the schemas of all documented routes, and writes none.
    func plan(
        for pattern: RoutePattern, overrides: [ObjectIdentifier: any AnyDependency],
        components: inout SchemaComponents
    ) throws(RegistrationError) -> InputPlan? {
        var description = InputsDescription(dependencies + (inputs ?? []), overrides: overrides)
        description.check(count: inputs ?? [])
        func error(_ reason: String) -> RegistrationError {
            RegistrationError(route: name, reason: reason)
        }
        if let reason = mistake ?? description.mistake { throw error(reason) }
        if description.bodyCount > 1 {
            throw error("two of its inputs take the body; a request has one")
        }
        if isHandshake, description.bodyCount > 0 {
            throw error("one of its inputs takes the body; a handshake has none")
        }
        for security in description.securities where !SchemaComponents.isComponentName(security.name) {
            throw error(SchemaComponents.nameMistake(security.name))
        }
        let named = pattern.parameters.map(\.name)
        let taken = description.parameters.filter { $0.notes.place == .path }.map(\.notes.name)
        for name in taken where !named.contains(name) {
            throw error("Path(\"\(name)\") has no {\(name)} in the path")
        }
        if inputs != nil, !description.takesAnyPath {
            for name in named where !taken.contains(name) {
                throw error("no Path(\"\(name)\") takes {\(name)}")
            }
        }
        // Undocumented types share their names with nobody.
        var own = SchemaComponents.forMistakes
        if isDocumented {
            describe(description, to: &components)
        } else {
            describe(description, to: &own)
        }
        if let reason = components.mistake ?? own.mistake { throw error(reason) }
        return InputPlan(description, dependencies: dependencies, overrides: overrides)
    }

    private var isDocumented: Bool { operation?.isDocumented == true }

    /// Throws where two types of different schemas would have one name in the document.
    static func checkNames(
        of registrations: [Registration], overrides: [ObjectIdentifier: any AnyDependency]
    ) throws(RegistrationError) {
        var components = SchemaComponents()
        for registration in registrations where registration.isDocumented {
            let inputs = registration.dependencies + (registration.inputs ?? [])
            registration.describe(InputsDescription(inputs, overrides: overrides), to: &components)
            if let reason = components.mistake {
                throw RegistrationError(route: registration.name, reason: reason)
            }
        }
    }

    /// Describes all schemas of the route, for what is wrong with them.
    private func describe(_ description: InputsDescription, to components: inout SchemaComponents) {
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
}
