import CraneHTTP
import HTTPTypes
import Logging

extension Context {
    /// What the work makes, or the response that its error stands for.
    @inline(__always)
    func response(of work: @Sendable () async throws -> Response) async -> Response {
        do {
            return try await work()
        } catch {
            return response(to: error)
        }
    }

    /// The response that an error stands for; one that nobody expected is logged and becomes the error page.
    @inline(never)
    func response(to error: any Error) -> Response {
        failed(with: error)
        switch error {
        case let error as any ResponseError:
            return error.response(for: request, context: self)
        case let error as RequestBodyError:
            switch error {
            case .tooLarge: return .detail(.contentTooLarge, "Content Too Large")
            case .malformed: return .detail(.badRequest, "There was an error parsing the body")
            case .tooSlow: return .detail(.requestTimeout, "Request Timeout")
            case .overloaded:
                return .detail(.serviceUnavailable, "Service Unavailable", headers: [.retryAfter: "1"])
            // The client has gone: nothing of this is sent.
            case .aborted: return .detail(.badRequest, "Bad Request")
            }
        case is WorkersBusy:
            return .detail(.serviceUnavailable, "Service Unavailable", headers: [.retryAfter: "1"])
        case is CancellationError where Task.isCancelled:
            // The client has gone, or the server is closing and would not wait any longer.
            return .detail(.serviceUnavailable, "Service Unavailable")
        default:
            logger.error(
                "unexpected error",
                metadata: [
                    "error": "\(error)", "method": "\(request.method)", "path": "\(request.path)",
                    "route": "\(route ?? "-")",
                ])
            return .text("Internal Server Error", status: .internalServerError)
        }
    }
}
