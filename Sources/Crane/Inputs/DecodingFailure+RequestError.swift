public import CraneSchema

extension DecodingFailure {
    /// The error that refuses a request for this, as a `Body` of the route would: 422 with the issues, or 400 for bytes that are no
    /// JSON at all.
    ///
    /// ```swift
    /// do { line = try Line.schema.validated(tree, root: "line 7") } catch { throw error.requestError }
    /// ```
    /// A handler that throws the failure itself is answered with 500: nobody has said that the bytes were the client's.
    public var requestError: any Error {
        switch self {
        case .invalid(let error): RequestValidationError(error.issues)
        case .unreadable: HTTPError(.badRequest, "There was an error parsing the body")
        }
    }
}
