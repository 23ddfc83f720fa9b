public import CraneHTTP

/// An error that knows the response it stands for.
public protocol ResponseError: Error {
    /// Makes the response; runs on the request's loop.
    func response(for request: Request, context: Context) -> Response
}
