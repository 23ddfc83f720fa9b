/// Numbers as Rust's `Display` prints them: never with an exponent, whole ones without a fraction.
enum DecimalText {
    static func plain(_ value: Double) -> String {
        let text = value.description
        let parts = text.split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else {
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
        let negative = parts[0].hasPrefix("-")
        let mantissa = negative ? parts[0].dropFirst() : parts[0]
        let dot = mantissa.firstIndex(of: ".") ?? mantissa.endIndex
        let whole = mantissa[..<dot].count
        var digits = mantissa.filter { $0 != "." }
        if digits.hasSuffix("0") && digits.count > 1 { digits.removeLast() }
        let point = whole + exponent
        let sign = negative ? "-" : ""
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
        if point >= digits.count {
            return sign + digits + String(repeating: "0", count: point - digits.count)
        }
        return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    }
}
