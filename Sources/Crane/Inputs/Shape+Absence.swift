import Schema

/// The shapes that take all texts of a name rather than one.
protocol ManyValued {}
extension ArrayShape: ManyValued {}
extension OptionalShape: ManyValued where Wrapped: ManyValued {}

/// The shapes whose value need not be sent.
private protocol AbsentValued {
    /// The value of what was not sent; `Value` is the shape's own.
    func absentValue<Value>(as type: Value.Type) -> Value?
}

extension OptionalShape: AbsentValued {
    func absentValue<Value>(as type: Value.Type) -> Value? {
        Wrapped.Value?.none as? Value
    }
}

extension Shape {
    /// The value of what was not sent; `nil` where it has to be sent.
    var absentValue: Value? { (self as? any AbsentValued)?.absentValue(as: Value.self) }
}
