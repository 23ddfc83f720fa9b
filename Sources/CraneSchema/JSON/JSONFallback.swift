/// Thrown by the fast reader: this input needs the reader that builds a tree and names every issue.
public struct JSONFallback: Error {
    @inlinable
    public init() {}
}
