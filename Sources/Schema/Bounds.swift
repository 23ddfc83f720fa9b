/// The range and step that a number must keep to.
@usableFromInline
struct Bounds<Number: Comparable & Sendable>: Sendable {
    @usableFromInline let gt: Number?
    @usableFromInline let ge: Number?
    @usableFromInline let lt: Number?
    @usableFromInline let le: Number?
    @usableFromInline let multipleOf: Number?

    @inlinable
    init(gt: Number?, ge: Number?, lt: Number?, le: Number?, multipleOf: Number?) {
        self.gt = gt
        self.ge = ge
        self.lt = lt
        self.le = le
        self.multipleOf = multipleOf
    }
}

extension Bounds where Number == Int {
    @inlinable
    func contain(_ value: Int) -> Bool {
        if let gt, value <= gt { return false }
        if let ge, value < ge { return false }
        if let lt, value >= lt { return false }
        if let le, value > le { return false }
        if let multipleOf, !value.isMultiple(of: multipleOf) { return false }
        return true
    }

    /// Reports the first bound that is broken, in pydantic's order.
    func check(_ value: Int, _ input: JSONValue, _ validation: inout Validation) -> Bool {
        if let multipleOf, !value.isMultiple(of: multipleOf) {
            BoundIssue.multipleOf.report(.integer(multipleOf), input, &validation)
        } else if let le, value > le {
            BoundIssue.le.report(.integer(le), input, &validation)
        } else if let lt, value >= lt {
            BoundIssue.lt.report(.integer(lt), input, &validation)
        } else if let ge, value < ge {
            BoundIssue.ge.report(.integer(ge), input, &validation)
        } else if let gt, value <= gt {
            BoundIssue.gt.report(.integer(gt), input, &validation)
        } else {
            return true
        }
        return false
    }
}

/// The issues that a broken bound makes.
enum BoundIssue {
    case gt, ge, lt, le, multipleOf

    func report(_ bound: JSONValue, _ input: JSONValue, _ validation: inout Validation) {
        let (type, wording, name) =
            switch self {
            case .gt: ("greater_than", "greater than", "gt")
            case .ge: ("greater_than_equal", "greater than or equal to", "ge")
            case .lt: ("less_than", "less than", "lt")
            case .le: ("less_than_equal", "less than or equal to", "le")
            case .multipleOf: ("multiple_of", "a multiple of", "multiple_of")
            }
        validation.report(
            type, "Input should be \(wording) \(bound.json)", input: input,
            context: [JSONValue.Member(key: name, value: bound)])
    }
}
