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

    @usableFromInline
    func limit(_ kind: BoundKind) -> Number? {
        switch kind {
        case .gt: gt
        case .ge: ge
        case .lt: lt
        case .le: le
        case .multipleOf: multipleOf
        }
    }

    /// Whether the range ends on either side.
    var hasBothEnds: Bool { (gt ?? ge) != nil && (lt ?? le) != nil }

    /// What is wrong with bounds that no number keeps.
    var mistake: String? {
        func mistake(_ low: Number?, _ lowName: String, _ high: Number?, _ highName: String, meet: Bool)
            -> String?
        {
            guard let low, let high, low > high || low == high && !meet else { return nil }
            return "no number keeps \(lowName): \(low) and \(highName): \(high)"
        }
        return mistake(ge, "ge", le, "le", meet: true) ?? mistake(gt, "gt", le, "le", meet: false)
            ?? mistake(ge, "ge", lt, "lt", meet: false) ?? mistake(gt, "gt", lt, "lt", meet: false)
    }

    /// The members of JSON Schema for these bounds.
    func members(_ json: (Number) -> JSONValue) -> [JSONValue.Member] {
        let named: [(String, Number?)] = [
            ("exclusiveMinimum", gt), ("minimum", ge), ("exclusiveMaximum", lt), ("maximum", le),
            ("multipleOf", multipleOf),
        ]
        return named.compactMap { name, bound in bound.map { JSONValue.Member(name, json($0)) } }
    }
}

extension Bounds where Number == Int {
    /// The first bound that a value breaks, in pydantic's order.
    @inlinable
    func brokenBound(_ value: Int) -> BoundKind? {
        if let multipleOf, !value.isMultiple(of: multipleOf) { return .multipleOf }
        if let le, value > le { return .le }
        if let lt, value >= lt { return .lt }
        if let ge, value < ge { return .ge }
        if let gt, value <= gt { return .gt }
        return nil
    }

    func check(_ value: Int, _ input: JSONValue, _ validation: inout Validation) -> Bool {
        guard let kind = brokenBound(value), let bound = limit(kind) else { return true }
        kind.report(.integer(bound), String(bound), input, &validation)
        return false
    }

    /// Reports a number past 64 bits: as breaking a bound where there is one, as pydantic does, else by its size.
    func reportHuge(
        _ isNegative: Bool, _ digits: [UInt8], _ input: JSONValue, _ validation: inout Validation
    ) {
        // Python's int() takes no more than 4300 digits.
        guard digits.count <= 4300 else { return LaxInteger.reportSize(input, &validation) }
        var broken = isNegative ? (ge.map { _ in BoundKind.ge } ?? gt.map { _ in .gt }) : nil
        if !isNegative { broken = le.map { _ in BoundKind.le } ?? lt.map { _ in .lt } }
        if let multipleOf, !Self.isMultiple(digits, of: multipleOf) { broken = .multipleOf }
        guard let broken, let bound = limit(broken) else {
            return LaxInteger.reportSize(input, &validation, yields: true)
        }
        broken.report(.integer(bound), String(bound), input, &validation)
    }

    private static func isMultiple(_ digits: [UInt8], of step: Int) -> Bool {
        guard step != 0 else { return false }
        var rest: UInt = 0
        for digit in digits {
            let (high, low) = rest.multipliedFullWidth(by: 10)
            let (sum, carry) = low.addingReportingOverflow(UInt(digit &- 0x30))
            rest = step.magnitude.dividingFullWidth((high + (carry ? 1 : 0), sum)).remainder
        }
        return rest == 0
    }

    var jsonSchema: [JSONValue.Member] { members { .integer($0) } }
}

extension Bounds where Number == Double {
    /// The first bound that a value breaks, in pydantic's order.
    @usableFromInline
    func brokenBound(_ value: Double) -> BoundKind? {
        if let multipleOf {
            // Pydantic's tolerance: a thousand millionth on either side of the nearest step.
            let nearest = (value / multipleOf).rounded(.toNearestOrAwayFromZero) * multipleOf
            if (value - nearest).magnitude > 1e-9 { return .multipleOf }
        }
        // NaN keeps to no bound.
        if let le, !(value <= le) { return .le }
        if let lt, !(value < lt) { return .lt }
        if let ge, !(value >= ge) { return .ge }
        if let gt, !(value > gt) { return .gt }
        return nil
    }

    func check(_ value: Double, _ input: JSONValue, _ validation: inout Validation) -> Bool {
        guard let kind = brokenBound(value), let bound = limit(kind) else { return true }
        kind.report(.number(bound), DecimalText.plain(bound), input, &validation)
        return false
    }

    var jsonSchema: [JSONValue.Member] { members { .number($0) } }
}
