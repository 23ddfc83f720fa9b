public import HTTPTypes

/// A request that no route takes: 404, or 405 where its path has routes of other methods.
public struct UnmatchedError: Error, HTTPErrorConvertible {
    /// The methods that the path answers; none for a path that is not there.
    public let allowedMethods: [HTTPRequest.Method]

    /// - Parameter allowedMethods: the methods that the path answers; none for a path that is not there.
    public init(allowedMethods: [HTTPRequest.Method] = []) {
        self.allowedMethods = allowedMethods
    }

    /// 404 or 405.
    public var status: HTTPResponse.Status { allowedMethods.isEmpty ? .notFound : .methodNotAllowed }

    /// The value of the field `Allow` (RFC 9110, section 10.2.1).
    var allow: String { allowedMethods.map(\.rawValue).joined(separator: ", ") }

    package var httpError: HTTPError {
        HTTPError(status, headers: allowedMethods.isEmpty ? HTTPFields() : [.allow: allow])
    }
}
