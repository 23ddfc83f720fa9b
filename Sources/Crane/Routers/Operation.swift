public import HTTPTypes
public import Schema

/// What a typed route is: its inputs, what it answers, and what is said about it.
public struct Operation: Sendable {
    @usableFromInline let status: HTTPResponse.Status?
    /// `read_comment`: what operation id and summary are made of.
    let name: String?
    let summary: String?
    let description: String?
    let tags: [String]
    @usableFromInline var inputs: [any Input] = []
    @usableFromInline var output = Output(mediaType: nil, usualStatus: .ok, schema: nil)

    /// What the answer is when all goes well.
    @usableFromInline
    struct Output: Sendable {
        let mediaType: String?
        let usualStatus: HTTPResponse.Status
        /// `nil` for what is no JSON.
        let schema: (@Sendable (inout SchemaComponents) -> JSONValue)?

        @usableFromInline
        init(
            mediaType: String?, usualStatus: HTTPResponse.Status,
            schema: (@Sendable (inout SchemaComponents) -> JSONValue)?
        ) {
            self.mediaType = mediaType
            self.usualStatus = usualStatus
            self.schema = schema
        }
    }

    @usableFromInline
    init(
        status: HTTPResponse.Status?, name: String?, summary: String?, description: String?, tags: [String]
    ) {
        self.status = status
        self.name = name
        self.summary = summary
        self.description = description
        self.tags = tags
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
    func giving(_ type: (some Answer).Type) -> Operation {
        var copy = self
        copy.output = Output(mediaType: type.mediaType, usualStatus: type.usualStatus, schema: nil)
        return copy
    }
}
