/// A shape that is looked up when it is used, for types that contain themselves.
public struct Deferred<Content: Shape>: Shape {
    @usableFromInline let content: @Sendable () -> Content

    @inlinable
    init(_ content: @escaping @Sendable () -> Content) {
        self.content = content
    }

    @inlinable
    public func read(_ reader: inout JSONReader) throws(JSONDetour) -> Content.Value {
        try content().read(&reader)
    }

    @inlinable
    public func write(_ value: Content.Value, to writer: inout JSONWriter) {
        content().write(value, to: &writer)
    }

    @inlinable
    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Content.Value? {
        content().validate(input, &validation)
    }

    @inlinable
    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        content().jsonSchema(&components)
    }
}

extension Shape {
    /// The shape that `content` gives when it is needed: `.array(.deferred { Node.schema })` within `Node`.
    @inlinable
    public static func deferred<Content: Shape>(_ content: @escaping @Sendable () -> Content) -> Self
    where Self == Deferred<Content> {
        Deferred(content)
    }
}
