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
        let request = inputs.request
        var pairs = URLEncodedPairs(request.queryBytes)
        return pairs.last(named: key)
    }

    public static func texts(of key: String, in inputs: borrowing Inputs) -> [String] {
        guard inputs.request.hasQuery else { return [] }
        let request = inputs.request
        var pairs = URLEncodedPairs(request.queryBytes)
        return pairs.all(named: key)
    }
}
