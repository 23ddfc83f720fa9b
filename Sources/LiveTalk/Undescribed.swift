import Crane
import CraneSchema
import HTTPTypes

/// JSON whose form the OpenAPI document leaves open, as the talk's application does where it returns a dictionary.
struct Undescribed<Content: Describable>: Answer {
    let content: Content

    init(_ content: Content) {
        self.content = content
    }

    static var mediaType: String? { "application/json" }

    func response(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) async throws -> Response {
        .json(Content.schema.encode(content), status: status ?? .ok)
    }
}
