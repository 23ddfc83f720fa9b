public import CraneSchema
public import HTTPTypes

/// What a typed route is: its inputs, what it answers, and what is said about it.
public struct Operation: Sendable {
    @usableFromInline let status: HTTPResponse.Status?
    /// `read_comment`: what operation id and summary are made of.
    let name: String?
    let id: String?
    let summary: String?
    let description: String?
    var tags: [String]
    /// Inputs whose values nobody takes; they come before the handler's.
    var dependencies: [any Input]
    /// What the route may answer beside its result.
    var responses: [HTTPResponse.Status: ResponseDescription]
    var isDeprecated: Bool
    let isDocumented: Bool
    @usableFromInline var inputs: [any Input] = []
    @usableFromInline var output = Output(mediaType: nil, usualStatus: .ok, schema: nil)

    /// What the answer is when all goes well.
    @usableFromInline
    struct Output: Sendable {
        let mediaType: String?
        let usualStatus: HTTPResponse.Status
        /// `nil` for what is no JSON.
        let schema: (@Sendable (inout SchemaComponents) -> JSONValue?)?

        @usableFromInline
        init(
            mediaType: String?, usualStatus: HTTPResponse.Status,
            schema: (@Sendable (inout SchemaComponents) -> JSONValue?)?
        ) {
            self.mediaType = mediaType
            self.usualStatus = usualStatus
            self.schema = schema
        }
    }

    @usableFromInline
    init(
        status: HTTPResponse.Status?, name: String?, id: String?, summary: String?, description: String?,
        tags: [String], dependencies: [any Input], responses: [HTTPResponse.Status: ResponseDescription],
        deprecated: Bool, documented: Bool
    ) {
        self.status = status
        self.name = name
        self.id = id
        self.summary = summary
        self.description = description
        self.tags = tags
        self.dependencies = dependencies
        self.responses = responses
        isDeprecated = deprecated
        isDocumented = documented
    }

    /// That of a WebSocket, of which OpenAPI knows nothing.
    @usableFromInline
    init(dependencies: [any Input]) {
        self.init(
            status: nil, name: nil, id: nil, summary: nil, description: nil, tags: [],
            dependencies: dependencies, responses: [:], deprecated: false, documented: false)
    }

    @inlinable
    func taking<each Part: Input>(_ input: repeat each Part) -> Operation {
        var copy = self
        for input in repeat each input { copy.inputs.append(input) }
        return copy
    }

    @inlinable
    func giving(_ shape: some Shape) -> Operation {
        var copy = self
        copy.output = Output(mediaType: "application/json", usualStatus: .ok) { shape.jsonSchema(&$0) }
        return copy
    }

    @inlinable
    func giving<Kind: Answer>(_ type: Kind.Type) -> Operation {
        var copy = self
        copy.output = Output(mediaType: type.mediaType, usualStatus: type.usualStatus) {
            Kind.jsonSchema(&$0)
        }
        return copy
    }
}
