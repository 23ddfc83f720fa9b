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
    package func response(to error: any Error) -> Response {
        failed(with: error)
        var error = error
        if let response = handled(&error) { return response }
        let format = configuration.errors
        switch error {
        case let error as RequestValidationError:
            return format.response(to: error, request)
        case let error as any ResponseError & HTTPErrorConvertible where format == .detail:
            return error.response(for: request, context: self)
        case let error as any HTTPErrorConvertible:
            return format.response(to: error.httpError)
        case let error as any ResponseError:
            return error.response(for: request, context: self)
        case is CancellationError where Task.isCancelled:
            // The client has gone, or the server is closing and would not wait any longer.
            return format.response(to: HTTPError(.serviceUnavailable))
        default:
            return response(toUnexpected: error)
        }
    }

    /// The response to an error that nobody expected: it is logged.
    package func response(toUnexpected error: any Error) -> Response {
        logger.error(
            "unexpected error",
            metadata: [
                "error": "\(error)", "method": "\(request.method)", "path": "\(request.path)",
                "route": "\(route ?? "-")",
            ])
        for handlers in errorHandlers {
            do {
                if let response = try handlers.response(toUnexpected: error, request, self) {
                    return response
                }
            } catch {
                logger.error("an error's handler failed", metadata: ["error": "\(error)"])
            }
        }
        return configuration.errors.unexpected
    }

    /// The handlers of the route's routers, the innermost first, and those of the application.
    private var errorHandlers: [ErrorHandlers] { endpoint.errorHandlers + [configuration.errorHandlers] }

    /// What the handlers make of the error, or of what it stands for; what one of them throws is left to those around it.
    private func handled(_ error: inout any Error) -> Response? {
        for handlers in errorHandlers where !handlers.isEmpty {
            do {
                if let response = try handlers.response(to: error, request, self) { return response }
            } catch let thrown {
                error = thrown
            }
        }
        return nil
    }
}
