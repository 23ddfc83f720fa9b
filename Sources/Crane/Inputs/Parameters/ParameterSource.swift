/// Where a parameter's text comes from.
public protocol ParameterSource: Sendable {
    /// The name, made ready for look-ups.
    associatedtype Key: Sendable

    static var place: InputLocation { get }

    /// Makes the name ready; one that cannot be there is a mistake that `App.build()` tells.
    static func key(_ name: String) -> Key

    /// The name as OpenAPI and issues have it.
    static func wireName(_ name: String) -> String

    /// The parameter's text, `nil` where it was not sent.
    static func text(of key: Key, in inputs: borrowing Inputs) -> String?

    /// What `read` makes of the parameter's text where its bytes are at hand; `nil`, the default, has `text` asked.
    static func value<Value>(
        of key: Key, in inputs: borrowing Inputs, _ read: (Span<UInt8>) -> Value?
    ) -> Value?

    /// All texts of that name, in order.
    static func texts(of key: Key, in inputs: borrowing Inputs) -> [String]
}

extension ParameterSource {
    public static func wireName(_ name: String) -> String { name }

    @inlinable
    public static func value<Value>(
        of key: Key, in inputs: borrowing Inputs, _ read: (Span<UInt8>) -> Value?
    ) -> Value? { nil }
}
