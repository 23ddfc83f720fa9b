/// A type around others that need no trying out.
protocol WrappingType {
    /// The schema; nil with a mistake noted where that of what it wraps is not known.
    static func schema(_ learner: TypeLearner) -> (any Schema)?
}

extension Optional: WrappingType where Wrapped: Decodable {
    static func schema(_ learner: TypeLearner) -> (any Schema)? {
        func optional<Content: Schema>(_ schema: Content) -> any Schema { OptionalSchema(schema) }
        return learner.schema(of: Wrapped.self).map { optional($0) }
    }
}

extension Array: WrappingType where Element: Decodable {
    static func schema(_ learner: TypeLearner) -> (any Schema)? {
        func array<Content: Schema>(_ schema: Content) -> any Schema {
            ArraySchema(schema, minItems: nil, maxItems: nil)
        }
        return learner.schema(of: Element.self).map { array($0) }
    }
}

extension Dictionary: WrappingType where Key == String, Value: Decodable {
    static func schema(_ learner: TypeLearner) -> (any Schema)? {
        func dictionary<Content: Schema>(_ schema: Content) -> any Schema {
            DictionarySchema(schema, minItems: nil, maxItems: nil)
        }
        return learner.schema(of: Value.self).map { dictionary($0) }
    }
}

extension Set: WrappingType where Element: Decodable {
    static func schema(_ learner: TypeLearner) -> (any Schema)? {
        func set<Content: Schema<Element>>(_ schema: Content) -> any Schema {
            SetSchema(schema, minItems: nil, maxItems: nil)
        }
        guard let schema = learner.schema(of: Element.self) as? any Schema<Element> else { return nil }
        return set(schema)
    }
}

extension Patch: WrappingType where Value: Decodable {
    static func schema(_ learner: TypeLearner) -> (any Schema)? {
        func patch<Content: Schema>(_ schema: Content) -> any Schema { PatchSchema(schema) }
        return learner.schema(of: Value.self).map { patch($0) }
    }
}
