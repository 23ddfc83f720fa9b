import CraneHTTP
import CraneSystem
import HTTPTypes

/// An error that is told as an `HTTPError`: whoever handles those takes it, and it is answered in the application's form.
package protocol HTTPErrorConvertible: Error {
    var httpError: HTTPError { get }
}

extension HTTPError: HTTPErrorConvertible {
    package var httpError: HTTPError { self }
}

extension WorkersBusy: HTTPErrorConvertible {
    package var httpError: HTTPError { HTTPError(.serviceUnavailable, headers: [.retryAfter: "1"]) }
}

extension RequestBodyError: HTTPErrorConvertible {
    package var httpError: HTTPError {
        switch self {
        case .tooLarge: HTTPError(.contentTooLarge, "Content Too Large")
        case .malformed: HTTPError(.badRequest, "There was an error parsing the body")
        case .tooSlow: HTTPError(.requestTimeout)
        case .overloaded: HTTPError(.serviceUnavailable, headers: [.retryAfter: "1"])
        // The client has gone: nothing of this is sent.
        case .aborted: HTTPError(.badRequest)
        }
    }
}
