import CraneSystem

/// Pydantic's lax reading of a number.
enum LaxFloat {
    /// The number, which may be infinite or NaN; nil with an issue where there is none.
    static func parse(_ input: JSONValue, _ validation: inout Validation) -> Double? {
        switch input {
        case .number(let value): return value
        case .integer(let value): return Double(value)
        case .bool(let value): return value ? 1 : 0
        case .bigInteger(let digits):
            // Python's float() overflows on whole numbers past its range; pydantic calls that a wrong type.
            if let value = Double(digits), value.isFinite { return value }
            reportType(input, &validation)
        case .string(let text):
            if let value = number(text) { return value }
            validation.report(
                "float_parsing", "Input should be a valid number, unable to parse string as a number",
                input: input)
        case .brokenString: validation.reportUnicode(input)
        default: reportType(input, &validation)
        }
        return nil
    }

    private static func reportType(_ input: JSONValue, _ validation: inout Validation) {
        validation.report("float_type", "Input should be a valid number", input: input)
    }

    /// The grammar of Rust's `f64::from_str` after trimming; single underscores within pass where there are no blanks.
    static func number(_ text: String) -> Double? {
        if let value = plainNumber(String(text.withoutWhiteSpace)) { return value }
        guard let plain = LaxInteger.withoutUnderscores(Array(text.utf8)[...]) else { return nil }
        return plainNumber(String(decoding: plain, as: UTF8.self))
    }

    static func plainNumber(_ text: String) -> Double? {
        var rest = text.utf8[...]
        let negative = rest.first == UInt8(ascii: "-")
        if negative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        switch String(Substring(rest)).lowercased() {
        case "inf", "infinity": return negative ? -.infinity : .infinity
        case "nan": return .nan
        default: break
        }
        let whole = digits(&rest)
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = digits(&rest)
        }
        guard whole + fraction > 0 else { return nil }
        if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
            guard digits(&rest) > 0 else { return nil }
        }
        // Swift wants digits on the left of the dot: ".5" is not its grammar everywhere, "0.5" is.
        return rest.isEmpty ? Double(text) ?? Double(padded(text)) : nil
    }

    private static func padded(_ text: String) -> String {
        var units = Array(text.utf8)
        guard let dot = units.firstIndex(of: UInt8(ascii: ".")) else { return text }
        units.insert(0x30, at: dot + 1)
        units.insert(0x30, at: dot)
        return String(decoding: units, as: UTF8.self)
    }

    private static func digits(_ rest: inout Substring.UTF8View) -> Int {
        let run = rest.prefix { $0 &- 0x30 < 10 }
        rest = rest[run.endIndex...]
        return run.count
    }
}
