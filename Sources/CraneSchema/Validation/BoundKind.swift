/// The kinds of bounds on a number and the issues of breaking one.
@usableFromInline
enum BoundKind: Sendable {
    case gt, ge, lt, le, multipleOf

    func report(
        _ bound: JSONValue, _ spelling: String, _ input: JSONValue, _ validation: inout Validation
    ) {
        let (type, wording, name) =
            switch self {
            case .gt: ("greater_than", "greater than", "gt")
            case .ge: ("greater_than_equal", "greater than or equal to", "ge")
            case .lt: ("less_than", "less than", "lt")
            case .le: ("less_than_equal", "less than or equal to", "le")
            case .multipleOf: ("multiple_of", "a multiple of", "multiple_of")
            }
        validation.report(
            type, "Input should be \(wording) \(spelling)", input: input, context: [.init(name, bound)])
    }
}
