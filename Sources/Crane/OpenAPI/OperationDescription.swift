import Schema

/// What the inputs of a route say about themselves: gathered once, for the checks at registration and for OpenAPI.
public struct OperationDescription {
    struct Parameter {
        let notes: ParameterNotes
        let isRequired: Bool
        /// The most bytes of a file; `nil` for what is none.
        var uploadLimit: Int?
        let schema: (inout SchemaComponents) -> JSONValue
    }

    struct Body {
        let plan: BodyPlan
        let mediaType: String
        let isRequired: Bool
        let schema: (inout SchemaComponents) -> JSONValue
    }

    struct Security {
        let name: String
        let scheme: JSONValue
        let scopes: [String]
    }

    private(set) var parameters: [Parameter] = []
    private(set) var bodies: [Body] = []
    private(set) var securities: [Security] = []
    /// Whether an input gives the handler the whole path, so that none need name its parts.
    var takesAnyPath = false
    /// Whether an input runs code that may end the request, so that a broken body must be known before.
    private(set) var runsCode = false
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

    mutating func add(_ security: Security) {
        securities.append(security)
        runsCode = true
    }

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

    /// Whether a request can be refused because of what it sent.
    var mayBeRefused: Bool { !parameters.isEmpty || !bodies.isEmpty }

    /// The body: the one that an input takes whole, or the form that several take apart.
    ///
    /// `name` is that of the form's component in OpenAPI.
    func body(named name: String = "Body") -> Body? {
        let fields = parameters.filter { $0.notes.place == .body }
        if fields.isEmpty { return bodies.first }
        var uploads: [String: Int] = [:]
        for field in fields {
            guard let limit = field.uploadLimit else { continue }
            uploads[field.notes.name] = min(limit, uploads[field.notes.name] ?? limit)
        }
        let required = fields.filter(\.isRequired).map { JSONValue.string($0.notes.name) }
        return Body(
            plan: BodyPlan(
                kind: .form, limit: uploads.values.reduce(FormData.usualLimit, +), uploadLimits: uploads),
            mediaType: uploads.isEmpty ? "application/x-www-form-urlencoded" : "multipart/form-data",
            isRequired: !required.isEmpty,
            schema: { components in
                components.define(name) { components in
                    let properties = fields.map { JSONValue.Member($0.notes.name, $0.schema(&components)) }
                    var members: [JSONValue.Member] = [
                        .init("properties", .object(properties)), .init("type", "object"),
                    ]
                    if !required.isEmpty { members.append(.init("required", .array(required))) }
                    members.append(.init("title", .string(name)))
                    return .object(members)
                }
            })
    }

    /// How many inputs want the body for themselves; fields of a form share it.
    var bodyCount: Int {
        bodies.count + (parameters.contains { $0.notes.place == .body } ? 1 : 0)
    }
}
