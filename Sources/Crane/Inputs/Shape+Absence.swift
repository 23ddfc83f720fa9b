import CraneSchema

/// The shapes that take all texts of a name rather than one.
protocol ManyValued {}
extension ArrayShape: ManyValued {}
extension OptionalShape: ManyValued where Wrapped: ManyValued {}

/// The shapes of JSON objects, and of what holds them: no text is their value.
protocol ObjectShaped {}
extension Object: ObjectShaped {}
extension TaggedUnion: ObjectShaped {}
extension DictionaryShape: ObjectShaped {}
extension Deferred: ObjectShaped where Value.Description: ObjectShaped {}
extension OptionalShape: ObjectShaped where Wrapped: ObjectShaped {}
extension ArrayShape: ObjectShaped where Element: ObjectShaped {}

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
