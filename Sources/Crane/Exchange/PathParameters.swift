package import CraneHTTP
import CraneSystem

/// What the parameters of a route's pattern stand for in one request's path.
///
/// Holds no text: a look-up walks the path, and only `subscript` makes a string.
public struct PathParameters: Sendable {
    let request: Request
    let pattern: RoutePattern?

    /// The parameter's text, percent-decoded; `nil` when the route has no parameter of that name. Bytes that are not
    /// UTF-8 become U+FFFD.
    public subscript(name: String) -> String? {
        range(of: name).map { request.string($0) }
    }

    /// The parameter's bytes, percent-decoded; `nil` when the route has no parameter of that name.
    public func bytes(_ name: String) -> [UInt8]? {
        range(of: name).map { request.bytes($0).array }
    }

    /// Calls `body` with the bytes of a parameter; no copy is made.
    package func withBytes<Result>(
        of name: String, _ body: (Span<UInt8>) throws -> Result
    ) rethrows -> Result? {
        guard let range = range(of: name) else { return nil }
        return try body(request.bytes(range))
    }

    /// Where the parameter stands in the request's bytes.
    package func range(of name: String) -> ByteRange? {
        guard let pattern, let number = pattern.number(of: name) else { return nil }
        let (segment, takesRest) = (pattern.parameters[number].segment, pattern.parameters[number].takesRest)
        let path = request.pathRange
        let bytes = request.bytes(path)
        let slash = UInt8(ascii: "/")
        // The path begins with a slash, or no route would have matched.
        var start = 1
        for _ in 0..<segment {
            while start < bytes.count, bytes[start] != slash { start &+= 1 }
            start &+= 1
        }
        var end = start
        if takesRest {
            end = bytes.count
        } else {
            while end < bytes.count, bytes[end] != slash { end &+= 1 }
        }
        return ByteRange(start: Int(path.start) + start, end: Int(path.start) + end)
    }
}
