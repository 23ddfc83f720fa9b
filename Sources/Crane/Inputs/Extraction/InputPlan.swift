/// What a built route has to know of its inputs.
final class InputPlan: Preparation {
    /// How the body is read; `nil` when no input takes it.
    let body: BodyPlan?
    /// Whether the body's syntax is checked before anything else, since inputs before it may end the request.
    let checksBodyFirst: Bool
    /// The dependencies that several inputs name.
    let shared: [ObjectIdentifier]
    let overrides: [ObjectIdentifier: any AnyDependency]
    let looksUpDependencies: Bool
    /// What is taken before the handler's inputs, for its effects only.
    let dependencies: [any Input]

    /// `nil` where there is nothing to prepare.
    init?(
        _ description: InputsDescription, dependencies: [any Input],
        overrides: [ObjectIdentifier: any AnyDependency]
    ) {
        self.dependencies = dependencies
        body = description.body()?.plan
        checksBodyFirst = body != nil && description.runsCode
        shared = description.shared
        self.overrides = overrides.filter { description.named.contains($0.key) }
        looksUpDependencies = !shared.isEmpty || !self.overrides.isEmpty
        if body == nil, dependencies.isEmpty, !looksUpDependencies { return nil }
    }
}

extension Context {
    /// The plan of the route's inputs, where they need one.
    var inputPlan: InputPlan? { endpoint.preparation as? InputPlan }
}
