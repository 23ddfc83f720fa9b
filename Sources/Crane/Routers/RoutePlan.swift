/// What a built route has to know of its inputs.
struct RoutePlan: Sendable {
    /// How the body is read; `nil` when no input takes it.
    var body: BodyPlan?
    /// Whether the body's syntax is checked before anything else, since inputs before it may end the request.
    var checksBodyFirst = false
    /// The dependencies that several inputs name.
    var shared: Set<ObjectIdentifier> = []
    var overrides: [ObjectIdentifier: any AnyDependency] = [:]
    var looksUpDependencies = false
    /// What is taken before the handler's inputs, for its effects only.
    var dependencies: [any Input] = []
    var needsPreparation = false

    init() {}

    init(
        _ description: OperationDescription, dependencies: [any Input],
        overrides: [ObjectIdentifier: any AnyDependency]
    ) {
        self.dependencies = dependencies
        body = description.body()?.plan
        checksBodyFirst = body != nil && description.runsCode
        shared = Set(description.uses.filter { $0.value > 1 }.keys)
        self.overrides = overrides.filter { description.uses[$0.key] != nil }
        looksUpDependencies = !shared.isEmpty || !self.overrides.isEmpty
        needsPreparation = body != nil || !dependencies.isEmpty || looksUpDependencies
    }
}
