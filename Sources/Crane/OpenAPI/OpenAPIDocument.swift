import CraneSchema
import HTTPTypes

/// An application's OpenAPI 3.1 document, as FastAPI would write it.
struct OpenAPIDocument {
    private var components = SchemaComponents()
    private var securitySchemes: [JSONValue.Member] = []
    /// Each path with its operations, in order of registration.
    private var paths: [(path: String, operations: [JSONValue.Member])] = []

    private let errors: ErrorDescriptions

    init(_ routes: [Registration], errors: ErrorDescriptions) {
        self.errors = errors
        let names = OperationNames.all(routes)
        for (route, names) in zip(routes, names) {
            if let operation = route.operation, let names { add(route, operation, names) }
        }
    }

    /// The document, but for its servers.
    func text(title: String, version: String, description: String, _ documentation: Documentation)
        -> OpenAPIText
    {
        var rest: [JSONValue.Member] = [
            .init("paths", .object(paths.map { .init($0.path, .object($0.operations)) }))
        ]
        var parts: [JSONValue.Member] = []
        if case .object(let schemas) = components.schemas, !schemas.isEmpty {
            parts.append(.init("schemas", .object(schemas)))
        }
        if !securitySchemes.isEmpty { parts.append(.init("securitySchemes", .object(securitySchemes))) }
        if !parts.isEmpty { rest.append(.init("components", .object(parts))) }
        let tags = documentation.tagList
        if !tags.isEmpty { rest.append(.init("tags", .array(tags))) }
        let info = documentation.info(title: title, version: version, description: description)
        return OpenAPIText(
            head: [.init("openapi", "3.1.0"), .init("info", info)], tail: rest, documentation: documentation)
    }

    private mutating func add(_ route: Registration, _ operation: Operation, _ names: OperationNames) {
        let description = InputsDescription(route.dependencies + (route.inputs ?? []))
        var members: [JSONValue.Member] = []
        if !operation.tags.isEmpty {
            members.append(.init("tags", .array(operation.tags.map { .string($0) })))
        }
        members.append(.init("summary", .string(names.summary)))
        if let text = operation.description { members.append(.init("description", .string(text))) }
        members.append(.init("operationId", .string(names.id)))
        if operation.isDeprecated { members.append(.init("deprecated", true)) }
        let security = self.security(description)
        if !security.isEmpty { members.append(.init("security", .array(security))) }
        let parameters = self.parameters(description)
        if !parameters.isEmpty { members.append(.init("parameters", .array(parameters))) }
        if let body = requestBody(description, names) { members.append(.init("requestBody", body)) }
        members.append(
            .init("responses", responses(operation, description, names, errors.inside(route.errorHandlers))))
        let method = JSONValue.Member(route.method.rawValue.lowercased(), .object(members))
        let path = OpenAPIDocument.path(route.path)
        if let index = paths.firstIndex(where: { $0.path == path }) {
            paths[index].operations.append(method)
        } else {
            paths.append((path, [method]))
        }
    }

    /// `/files/{name:path}` as `/files/{name}`: OpenAPI has no word for the difference.
    static func path(_ pattern: String) -> String {
        pattern.split(separator: "/", omittingEmptySubsequences: false).map { segment in
            segment.hasSuffix(":path}") ? segment.dropLast(6) + "}" : String(segment)
        }.joined(separator: "/")
    }

    private mutating func security(_ description: InputsDescription) -> [JSONValue] {
        description.securities.map { security in
            let name = schemeName(security)
            return .object([.init(name, .array(security.scopes.map { .string($0) }))])
        }
    }

    /// The name of a security scheme: another scheme of that name gets a number, `APIKeyHeader2`.
    private mutating func schemeName(_ security: InputsDescription.Security) -> String {
        let scheme = JSONValue.schema.encode(security.scheme)
        var name = security.name
        var count = 1
        while let known = securitySchemes.first(where: { $0.key == name }) {
            if JSONValue.schema.encode(known.value) == scheme { return name }
            count += 1
            name = "\(security.name)\(count)"
        }
        securitySchemes.append(.init(name, security.scheme))
        return name
    }

    /// Path, query, header and cookie parameters; of several of one name the required one counts.
    private mutating func parameters(_ description: InputsDescription) -> [JSONValue] {
        var found: [InputsDescription.DescribedParameter] = []
        for place in [InputLocation.path, .query, .header, .cookie] {
            for parameter in description.parameters
            where parameter.notes.place == place && !parameter.isHidden {
                let twin = found.firstIndex {
                    $0.notes.place == place && $0.notes.name == parameter.notes.name
                }
                if let twin {
                    if parameter.isRequired || !found[twin].isRequired { found[twin] = parameter }
                } else {
                    found.append(parameter)
                }
            }
        }
        return found.map { parameter in
            var members: [JSONValue.Member] = [
                .init("name", .string(parameter.notes.name)),
                .init("in", .string(parameter.notes.place.rawValue)),
                .init("required", .bool(parameter.isRequired)),
                .init("schema", parameter.schema(&components)),
            ]
            if let text = parameter.notes.description { members.append(.init("description", .string(text))) }
            if parameter.notes.isDeprecated { members.append(.init("deprecated", true)) }
            return .object(members)
        }
    }

    private mutating func requestBody(
        _ description: InputsDescription, _ names: OperationNames
    ) -> JSONValue? {
        guard let body = description.body(named: "Body_\(names.id)") else { return nil }
        let schema = body.schema(&components)
        var media: [JSONValue.Member] = [.init("schema", schema)]
        if !body.examples.isEmpty {
            let examples = body.examples.map { JSONValue.Member($0.key, ["value": $0.value]) }
            media.append(.init("examples", .object(examples)))
        }
        let content: JSONValue = .object([.init(body.mediaType, .object(media))])
        var members: [JSONValue.Member] = [.init("content", content)]
        if body.isRequired { members.insert(.init("required", true), at: 0) }
        return .object(members)
    }

    private mutating func responses(
        _ operation: Operation, _ description: InputsDescription, _ names: OperationNames,
        _ errors: ErrorDescriptions
    ) -> JSONValue {
        let status = operation.status ?? operation.output.defaultStatus
        var good: [JSONValue.Member] = [.init("description", "Successful Response")]
        // RFC 9110, section 6.4.1: these have no content.
        if let type = operation.output.mediaType, status.code >= 200, ![204, 205, 304].contains(status.code) {
            let schema: JSONValue
            if let plain = operation.output.schema?(&components) {
                schema = SchemaNotes.annotated(
                    plain, name: "Response \(names.id)", title: nil, description: nil, fallback: nil)
            } else {
                // JSON of a form that nobody told may be anything.
                schema = type == "application/json" ? [:] : ["type": "string"]
            }
            good.append(.init("content", .object([.init(type, ["schema": schema])])))
        }
        var members: [JSONValue.Member] = [.init("\(status.code)", .object(good))]
        for (status, response) in operation.responses.sorted(by: { $0.key.code < $1.key.code }) {
            var one = self.members(of: response, status, errors)
            if let index = members.firstIndex(where: { $0.key == "\(status.code)" }) {
                // The route's own response keeps its schema where the description brings none.
                if response.schema == nil, let content = members[index].value["content"] {
                    one.append(.init("content", content))
                }
                members[index].value = .object(one)
            } else {
                members.append(.init("\(status.code)", .object(one)))
            }
        }
        // What is answered before the handler is called.
        for (status, response) in errors.refusals(description)
        where !members.contains(where: { $0.key == "\(status.code)" }) {
            members.append(.init("\(status.code)", .object(self.members(of: response, status, errors))))
        }
        return .object(members)
    }

    private mutating func members(
        of response: ResponseDescription, _ status: HTTPResponse.Status, _ errors: ErrorDescriptions
    ) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [.init("description", .string(response.text ?? status.phrase))]
        let told = response.schema == nil && status.code >= 400 ? errors.other : response
        if ![204, 205, 304].contains(status.code), let schema = told?.schema?(&components) {
            let type = told?.mediaType ?? response.mediaType
            members.append(.init("content", .object([.init(type, ["schema": schema])])))
        }
        return members
    }
}

/// A document's members, those before `servers` and those behind it.
struct OpenAPIText: Sendable {
    let head: [JSONValue.Member]
    let tail: [JSONValue.Member]
    let documentation: Documentation

    /// The document of an application that clients see under a path, which is then the first of its servers.
    func json(under root: String) -> [UInt8] {
        let servers = documentation.serverList(under: root)
        var document = JSONValue.object(
            head + (servers.isEmpty ? [] : [.init("servers", .array(servers))]) + tail)
        for change in documentation.changes { change(&document) }
        return JSONValue.schema.encode(document)
    }
}
