public import CraneHTTP
public import CraneSchema
public import HTTPTypes

/// What has gone wrong, as `application/problem+json` (RFC 9457): thrown, it is the response.
///
/// ```swift
/// throw ProblemDetails(
///     .forbidden, title: "You have not enough credit.", type: "https://shop.example/out-of-credit",
///     extensions: ["balance": 30])
/// ```
/// An application with `App(errors: .problemDetails)` tells all of its errors so; those of inputs have the issues as `errors`.
public struct ProblemDetails: ResponseError {
    /// The media type.
    public static let mediaType = "application/problem+json"

    /// The status of the response, and a member.
    public var status: HTTPResponse.Status
    /// What kind of problem it is, the same each time; the status's reason phrase unless told otherwise.
    public var title: String
    /// The URI reference that identifies the kind of problem; `nil` for none but the status, `about:blank`.
    public var type: String?
    /// What happened this time, for people.
    public var detail: String?
    /// The URI reference of this occurrence.
    public var instance: String?
    /// Members of the kind's own, an object; those that RFC 9457 names are left out.
    public var extensions: JSONValue
    /// Fields that the response has besides, or in the place of its own.
    public var headers: HTTPFields
    /// What does not fit, where the problem is the request's inputs.
    private var issues: [ValidationIssue] = []

    /// - Parameters:
    ///   - status: the status of the response.
    ///   - title: what kind of problem it is; the status's reason phrase by default.
    ///   - detail: what happened this time, for people.
    ///   - type: the URI reference of the kind of problem.
    ///   - instance: the URI reference of this occurrence.
    ///   - extensions: members of the kind's own, an object.
    ///   - headers: fields beside those of the body.
    public init(
        _ status: HTTPResponse.Status, title: String? = nil, detail: String? = nil, type: String? = nil,
        instance: String? = nil, extensions: JSONValue = [:], headers: HTTPFields = HTTPFields()
    ) {
        self.status = status
        self.title = title ?? status.phrase
        self.detail = detail
        self.type = type
        self.instance = instance
        self.extensions = extensions
        self.headers = headers
    }

    /// The problem that an error's status and detail tell.
    init(_ error: HTTPError) {
        self.init(
            error.status, detail: error.detail == error.status.phrase ? nil : error.detail,
            headers: error.headers)
    }

    /// The problem of inputs that do not fit.
    init(_ error: RequestValidationError) {
        self.init(.unprocessableContent, detail: "The request's inputs do not fit")
        issues = error.issues
    }

    /// The problem as it is sent.
    var response: Response {
        var members: [JSONValue.Member] = [
            .init("type", .string(type ?? "about:blank")), .init("title", .string(title)),
            .init("status", .integer(status.code)),
        ]
        if let detail { members.append(.init("detail", .string(detail))) }
        if let instance { members.append(.init("instance", .string(instance))) }
        if case .object(let own) = extensions {
            let taken = ["type", "title", "status", "detail", "instance"]
            members += own.filter { !taken.contains($0.key) }
        }
        var body = JSONWriter(capacity: 256)
        body.value(.object(members))
        var bytes = body.bytes
        if !issues.isEmpty {
            var list = JSONWriter(capacity: 512)
            list.raw(",\"errors\":")
            ValidationError(issues).writeIssues(to: &list)
            list.raw("}")
            bytes.removeLast()
            bytes += list.bytes
        }
        var response = Response(
            status: status, headers: [.contentType: ProblemDetails.mediaType], body: ResponseBody(bytes))
        response.headers.replace(with: headers)
        return response
    }

    public func response(for request: Request, context: Context) -> Response { response }
}

extension ProblemDetails {
    /// The schema of the members that RFC 9457 names; a problem may have others.
    static func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        components.define("ProblemDetails", of: ProblemDetails.self) { _ in
            ["properties": .object(members), "type": "object", "title": "ProblemDetails"]
        }
    }

    /// The same with the issues of inputs.
    static func validationSchema(_ components: inout SchemaComponents) -> JSONValue {
        components.define("ValidationProblem", of: RequestValidationError.self) { components in
            let issue = ValidationIssue.schema.jsonSchema(&components)
            let errors = JSONValue.Member("errors", ["items": issue, "type": "array", "title": "Errors"])
            return [
                "properties": .object(members + [errors]), "type": "object", "title": "ValidationProblem",
            ]
        }
    }

    private static let members: [JSONValue.Member] = [
        .init("type", ["type": "string", "format": "uri-reference", "title": "Type"]),
        .init("title", ["type": "string", "title": "Title"]),
        .init("status", ["type": "integer", "title": "Status"]),
        .init("detail", ["type": "string", "title": "Detail"]),
        .init("instance", ["type": "string", "format": "uri-reference", "title": "Instance"]),
    ]
}
