import CraneSchema
import HTTPTypes

/// What the inputs of a route say about themselves: gathered once, for the checks at registration and for OpenAPI.
public struct InputsDescription {
    @usableFromInline
    struct DescribedParameter: Sendable {
        let notes: ParameterNotes
        let isRequired: Bool
        /// Whether OpenAPI leaves it out.
        var isHidden = false
        /// The most bytes of a file; `nil` for what is none.
        var uploadLimit: Int?
        /// Whether a text can be its value: none is an object.
        var isText = true
        let schema: @Sendable (inout SchemaComponents) -> JSONValue

        /// As mistakes name it.
        var title: String { "\(notes.place.rawValue) parameter \"\(notes.name)\"" }

        var mistake: String? {
            if notes.place == .path, !isRequired {
                return "\(title) is always there, and can be neither optional nor have a default"
            }
            if notes.place == .path, isHidden {
                return "\(title) stands in the path, which OpenAPI has, and cannot be hidden"
            }
            if notes.place == .header, HTTPField.Name(notes.name) == nil {
                return "\(title): that is not the name of a header field"
            }
            return isText ? nil : "\(title) is an object, which no text is: take it with Body"
        }
    }

    struct DescribedBody {
        let plan: BodyPlan
        let mediaType: String
        let isRequired: Bool
        /// Bodies to begin with, by their names.
        var examples: [JSONValue.Member] = []
        let schema: (inout SchemaComponents) -> JSONValue
    }

    struct Security {
        let name: String
        let scheme: JSONValue
        let scopes: [String]
    }

    /// `ArgumentLayout` marks the slots that it has filled in one word.
    static let mostInputs = UInt64.bitWidth

    private(set) var parameters: [DescribedParameter] = []
    private(set) var bodies: [DescribedBody] = []
    private var plainSecurities: [Security] = []
    /// Scopes that are wanted of security schemes, by the schemes' names.
    private var wanted: [(scheme: String, scopes: [String])] = []
    /// The security schemes, each with the scopes that are wanted of it.
    var securities: [Security] {
        plainSecurities.map { security in
            var scopes: [String] = []
            for scope in wanted.filter({ $0.scheme == security.name }).flatMap(\.scopes)
            where !scopes.contains(scope) { scopes.append(scope) }
            return Security(name: security.name, scheme: security.scheme, scopes: security.scopes + scopes)
        }
    }
    /// Whether an input gives the handler the whole path, so that none need name its parts.
    var takesAnyPath = false
    /// Whether an input runs code that may end the request, so that a broken body must be known before.
    private(set) var runsCode = false
    /// The dependencies that are named, each once, and those that are named more than once.
    private(set) var named: [ObjectIdentifier] = []
    private(set) var shared: [ObjectIdentifier] = []
    /// What is wrong with the inputs, for the route that takes them.
    private(set) var mistake: String?
    private var pending: [any AnyDependency] = []
    /// The dependencies whose inputs are being asked, the outermost first.
    private var open: [ObjectIdentifier] = []
    private let overrides: [ObjectIdentifier: any AnyDependency]

    init(_ inputs: [any Input], overrides: [ObjectIdentifier: any AnyDependency] = [:]) {
        self.overrides = overrides
        take(inputs)
    }

    mutating func add(_ parameter: DescribedParameter) {
        parameters.append(parameter)
        if let mistake = parameter.mistake { report(mistake) }
    }

    /// Notes what is wrong with an input; the first mistake counts.
    mutating func report(_ mistake: String) {
        if self.mistake == nil { self.mistake = mistake }
    }

    mutating func add(_ body: DescribedBody) { bodies.append(body) }

    mutating func add(_ security: Security) {
        plainSecurities.append(security)
        if security.scheme["in"] == "header", case .string(let name)? = security.scheme["name"],
            HTTPField.Name(name) == nil
        {
            report("header parameter \"\(name)\": that is not the name of a header field")
        }
        runsCode = true
    }

    /// Notes scopes for the security schemes that a dependency stands on.
    mutating func want(_ scopes: [String], of dependency: any AnyDependency & Input) {
        for security in InputsDescription([dependency], overrides: overrides).plainSecurities {
            wanted.append((security.name, scopes))
        }
    }

    mutating func add(_ dependency: any AnyDependency) { pending.append(dependency) }

    /// Lets inputs speak, and after them those of the dependencies that are named here for the first time.
    private mutating func take(_ inputs: [any Input]) {
        for input in inputs { input.describe(to: &self) }
        let dependencies = pending
        pending = []
        for dependency in dependencies {
            let identity = ObjectIdentifier(dependency)
            // Only `App.override` can close a circle, in which each would wait for the other.
            if open.contains(identity) {
                report("an override makes \(type(of: dependency)) take itself, directly or through others")
            }
            if named.contains(identity) {
                if !shared.contains(identity) { shared.append(identity) }
                continue
            }
            named.append(identity)
            let actual = overrides[identity] ?? dependency
            if !actual.isConstant { runsCode = true }
            open.append(identity)
            take(actual.inputs)
            open.removeLast()
            check(count: actual.inputs)
        }
    }

    mutating func check(count inputs: [any Input]) {
        if inputs.count > InputsDescription.mostInputs {
            report("a handler takes at most \(InputsDescription.mostInputs) inputs, not \(inputs.count)")
        }
    }

    /// Whether a request can be refused because of what it sent.
    var mayBeRefused: Bool { !parameters.isEmpty || !bodies.isEmpty }

    /// The body: the one that an input takes whole, or the form that several take apart.
    ///
    /// `name` is that of the form's component in OpenAPI.
    func body(named name: String = "Body") -> DescribedBody? {
        let fields = parameters.filter { $0.notes.place == .body }
        if fields.isEmpty { return bodies.first }
        var uploads: [Spelling: Int] = [:]
        for field in fields {
            guard let limit = field.uploadLimit else { continue }
            let name = Spelling(field.notes.name)
            uploads[name] = min(limit, uploads[name] ?? limit)
        }
        let shown = fields.filter { !$0.isHidden }
        let required = shown.filter(\.isRequired).map { JSONValue.string($0.notes.name) }
        return DescribedBody(
            plan: BodyPlan(
                kind: .form, limit: uploads.values.reduce(FormData.usualLimit, +), uploadLimits: uploads),
            mediaType: uploads.isEmpty ? "application/x-www-form-urlencoded" : "multipart/form-data",
            isRequired: !required.isEmpty,
            schema: { components in
                components.define(SchemaComponents.componentName(name), of: DescribedBody.self) {
                    components in
                    let properties = shown.map { JSONValue.Member($0.notes.name, $0.schema(&components)) }
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
