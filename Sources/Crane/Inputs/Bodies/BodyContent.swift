/// A request's body as a route's inputs see it.
@usableFromInline
enum BodyContent: Sendable {
    /// Not read: no input asks for it.
    case none
    /// Bytes that are to be JSON; none at all is a missing body.
    case json([UInt8])
    /// Bytes of another type than JSON.
    case other([UInt8])
    case form(FormData)
}
