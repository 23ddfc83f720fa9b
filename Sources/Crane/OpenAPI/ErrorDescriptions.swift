import CraneSchema
import HTTPTypes

/// What OpenAPI says of the errors of an application, or of one route.
struct ErrorDescriptions {
    /// The refusal of inputs that do not fit; `nil` where nobody tells what it is.
    private(set) var validation: (status: HTTPResponse.Status, ResponseDescription)?
    /// A status of `responds` that names no type; `nil` where it has a body that nobody tells, as FastAPI has it.
    private(set) var other: ResponseDescription?

    /// What an application's form says, and its handlers.
    init(_ format: ErrorFormat, _ handlers: ErrorHandlers) {
        switch format {
        case .detail:
            validation = (
                .unprocessableContent,
                ResponseDescription("Validation Error", "application/json") {
                    ValidationError.jsonSchema(&$0)
                }
            )
        case .problemDetails:
            let type = ProblemDetails.mediaType
            validation = (
                .unprocessableContent,
                ResponseDescription("Validation Error", type) { ProblemDetails.validationSchema(&$0) }
            )
            other = ResponseDescription(nil, type) { ProblemDetails.jsonSchema(&$0) }
        }
        apply(handlers)
    }

    /// The same for a route with handlers of its routers, the innermost first.
    func inside(_ handlers: [ErrorHandlers]) -> ErrorDescriptions {
        var inner = self
        for handlers in handlers.reversed() { inner.apply(handlers) }
        return inner
    }

    private mutating func apply(_ handlers: ErrorHandlers) {
        if let handler = handlers.first(for: RequestValidationError.self) {
            validation = handler.description.map {
                (handler.status ?? .unprocessableContent, $0.meaning("Validation Error"))
            }
        }
        if let handler = handlers.first(for: HTTPError.self) {
            other = handler.status == nil ? handler.description : nil
        }
    }

    /// What is answered before a route's handler is called.
    func refusals(_ route: InputsDescription) -> [(HTTPResponse.Status, ResponseDescription)] {
        var refusals: [HTTPResponse.Status: ResponseDescription] = [:]
        if route.bodyCount > 0 {
            refusals[.badRequest] = ResponseDescription("The body cannot be read")
            refusals[.contentTooLarge] = ResponseDescription("The body is too long")
        }
        if route.mayBeRefused, let (status, description) = validation { refusals[status] = description }
        return refusals.sorted { $0.key.code < $1.key.code }.map { ($0.key, $0.value) }
    }
}
