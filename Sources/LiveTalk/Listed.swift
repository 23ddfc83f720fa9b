import Crane
import CraneSchema
import HTTPTypes

/// A response that the route made itself, and whose body is JSON of one type in the OpenAPI document.
struct Listed<Content: Describable>: Answer {
    var response: Response

    init(_ response: Response) {
        self.response = response
    }

    static var mediaType: String? { "application/json" }

    static func jsonSchema(_ components: inout SchemaComponents) -> JSONValue? {
        Content.schema.jsonSchema(&components)
    }

    func response(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) async throws -> Response { response }
}
