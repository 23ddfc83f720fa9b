public import CraneHTTP

/// An error that knows the answer it stands for.
public protocol ResponseError: Error {
    /// Makes the answer; runs on the request's loop.
    func response(for request: Request, context: Context) -> Response
}
