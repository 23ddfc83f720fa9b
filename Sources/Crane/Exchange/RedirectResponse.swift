public import CraneHTTP
public import HTTPTypes

/// Sends the client elsewhere: 307, which keeps method and body, unless the route or the response says otherwise.
public struct RedirectResponse: SynchronousResponseConvertible {
    public static var defaultStatus: HTTPResponse.Status { .temporaryRedirect }

    private let location: String
    private let status: HTTPResponse.Status?

    /// - Parameters:
    ///   - location: a URL, or a path of this server; percent-encoded where it must be.
    ///   - status: one of the 3xx; the route's, or else 307, where it is `nil`.
    public init(to location: String, status: HTTPResponse.Status? = nil) {
        self.location = location
        self.status = status
    }

    public func response(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) -> Response {
        .redirect(to: location, status: self.status ?? status ?? RedirectResponse.defaultStatus)
    }
}
