import Schema

/// What the inputs of a route say about themselves: gathered once, for the checks at registration and for OpenAPI.
public struct OperationDescription {
    struct Parameter {
        let notes: ParameterNotes
        let isRequired: Bool
        let schema: (inout SchemaComponents) -> JSONValue
    }

    struct Body {
        let plan: BodyPlan
        let mediaType: String
        let isRequired: Bool
        let schema: (inout SchemaComponents) -> JSONValue
    }

    var parameters: [Parameter] = []
    var bodies: [Body] = []
    /// Whether an input gives the handler the whole path, so that none need name its parts.
    var takesAnyPath = false
    /// Whether an input runs code that may end the request, so that a broken body must be known before.
    var runsCode = false
    /// How many times each dependency is named.
    private(set) var uses: [ObjectIdentifier: Int] = [:]
    private var pending: [any AnyDependency] = []
    private let overrides: [ObjectIdentifier: any AnyDependency]

    init(_ inputs: [any Input], overrides: [ObjectIdentifier: any AnyDependency] = [:]) {
        self.overrides = overrides
        take(inputs)
    }

    mutating func add(_ parameter: Parameter) { parameters.append(parameter) }
    mutating func add(_ body: Body) { bodies.append(body) }
    mutating func add(_ dependency: any AnyDependency) { pending.append(dependency) }

    /// Lets inputs speak, and after them those of the dependencies that are named here for the first time.
    private mutating func take(_ inputs: [any Input]) {
        for input in inputs { input.describe(to: &self) }
        let dependencies = pending
        pending = []
        for dependency in dependencies {
            let identity = ObjectIdentifier(dependency)
            uses[identity, default: 0] += 1
            guard uses[identity] == 1 else { continue }
            let actual = overrides[identity] ?? dependency
            if !actual.isConstant { runsCode = true }
            take(actual.inputs)
        }
    }
}
