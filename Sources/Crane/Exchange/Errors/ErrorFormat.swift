import CraneHTTP
import CraneSchema
import HTTPTypes

/// The form in which an application tells what has gone wrong, where no `onError` says otherwise.
public enum ErrorFormat: Hashable, Sendable {
    /// FastAPI's: `{"detail": …}`, and the plain page of a 500.
    case detail
    /// `application/problem+json` (RFC 9457): see `ProblemDetails`.
    case problemDetails
}

extension ErrorFormat {
    /// The response to an `HTTPError`.
    func response(to error: HTTPError) -> Response {
        switch self {
        case .detail: .detail(error.status, error.detail, headers: error.headers)
        case .problemDetails: ProblemDetails(error).response
        }
    }

    /// The response to inputs that do not fit.
    func response(to error: RequestValidationError, _ request: Request) -> Response {
        switch self {
        case _ where request.isWebSocketHandshake: .refusedHandshake
        case .detail: .json(ValidationError(error.issues).body, status: .unprocessableContent)
        case .problemDetails: ProblemDetails(error).response
        }
    }

    /// The response to what nobody expected.
    var unexpected: Response {
        switch self {
        case .detail: .text("Internal Server Error", status: .internalServerError)
        case .problemDetails: ProblemDetails(.internalServerError).response
        }
    }
}
