/// The issues of a list or table with too few or too many items.
enum SizeIssue {
    case tooShort(field: String, bound: Int, actual: Int)
    case tooLong(field: String, bound: Int, actual: Int?)

    func report(_ input: JSONValue, _ validation: inout Validation) {
        switch self {
        case .tooShort(let field, let bound, let actual):
            validation.report(
                "too_short",
                "\(field) should have at least \(bound) \(items(bound)) after validation, not \(actual)",
                input: input,
                context: [
                    .init("field_type", .string(field)), .init("min_length", .integer(bound)),
                    .init("actual_length", .integer(actual)),
                ])
        case .tooLong(let field, let bound, let actual):
            let found = actual.map(String.init) ?? "more"
            validation.report(
                "too_long",
                "\(field) should have at most \(bound) \(items(bound)) after validation, not \(found)",
                input: input,
                context: [
                    .init("field_type", .string(field)), .init("max_length", .integer(bound)),
                    .init("actual_length", actual.map(JSONValue.integer) ?? .null),
                ])
        }
    }

    private func items(_ count: Int) -> String {
        count == 1 ? "item" : "items"
    }
}
