public import CraneSchema

/// A parameter of the route's path: `Path("comment_id", Int.self)`.
public typealias Path<Content: Schema> = Parameter<PathSource, Content>

/// The segments of the path that the route's pattern names.
public enum PathSource: ParameterSource {
    public static var place: InputLocation { .path }

    public static func key(_ name: String) -> String { name }

    public static func text(of key: String, in inputs: borrowing Inputs) -> String? {
        inputs.context.parameters[key]
    }

    // Inlined where the type of the value is known: its metadata would be looked up for each request otherwise.
    @inlinable
    public static func value<Value>(
        of key: String, in inputs: borrowing Inputs, _ read: (Span<UInt8>) -> Value?
    ) -> Value? {
        var value: Value?
        lend(key, of: inputs) { value = read($0) }
        return value
    }

    @usableFromInline
    static func lend(_ key: String, of inputs: borrowing Inputs, _ body: (Span<UInt8>) -> Void) {
        _ = inputs.context.parameters.withBytes(of: key, body)
    }

    public static func texts(of key: String, in inputs: borrowing Inputs) -> [String] {
        text(of: key, in: inputs).map { [$0] } ?? []
    }
}
