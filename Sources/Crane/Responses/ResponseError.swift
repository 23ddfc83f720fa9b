public import HTTPWire

/// An error that knows the answer it stands for.
public protocol ResponseError: Error {
    func response(for request: Request, context: Context) -> Response
}
