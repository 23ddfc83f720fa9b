extension Inputs {
    /// Whether there is anything to do before the handler's inputs are taken.
    @usableFromInline
    var needsPreparation: Bool { context.endpoint.preparation != nil }

    /// Reads the body where an input takes it, then runs the dependencies whose values nobody takes.
    @usableFromInline
    mutating func prepare() async throws {
        guard let plan = context.inputPlan else { return }
        looksUpDependencies = plan.looksUpDependencies
        if let body = plan.body { try await readBody(body, plan) }
        for dependency in plan.dependencies { try await run(dependency) }
    }

    /// The same without a wait; false, and nothing is done, where something would have to be waited for.
    @usableFromInline
    mutating func prepareNow() throws -> Bool {
        guard let plan = context.inputPlan else { return true }
        guard plan.dependencies.isEmpty, !plan.looksUpDependencies else { return false }
        guard let body = plan.body else { return true }
        return try readBodyNow(body, plan)
    }

    private mutating func run(_ input: some Input) async throws {
        _ = try await input.value(in: &self)
    }
}
