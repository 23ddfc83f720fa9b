public import CraneSchema

/// A parameter of the query: `Query("limit", .int(in: 1...100), default: 100)`.
///
/// Of several pairs of that name the last one counts; a list takes them all.
public typealias Query<Content: Schema> = Parameter<QuerySource, Content>

/// The pairs of the query.
public enum QuerySource: ParameterSource {
    public static var place: InputLocation { .query }

    public static func key(_ name: String) -> String { name }

    public static func text(of key: String, in inputs: borrowing Inputs) -> String? {
        guard inputs.request.hasQuery else { return nil }
        // The request outlives the call, and nothing of its bytes is kept.
        var pairs = unsafe URLEncodedPairs(inputs.request.bytes(inputs.request.queryRange))
        return pairs.last(named: key)
    }

    public static func texts(of key: String, in inputs: borrowing Inputs) -> [String] {
        guard inputs.request.hasQuery else { return [] }
        // As above.
        var pairs = unsafe URLEncodedPairs(inputs.request.bytes(inputs.request.queryRange))
        return pairs.all(named: key)
    }
}
