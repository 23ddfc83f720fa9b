import CraneSystem

/// Reads UUIDs with the wording of the `uuid` crate that pydantic uses.
enum UniqueIDText {
    struct Failure: Error {
        var message: String
    }

    static func parse(_ text: String) throws(Failure) -> UniqueID {
        let units = Array(text.utf8)
        // No form is longer than that of the URN.
        guard units.count <= 45 else { throw Failure(message: "invalid length: found \(units.count)") }
        let wrapping = wrapping(units)
        let body = Array(units.dropFirst(wrapping.before).dropLast(wrapping.after))
        if wrapping.before == 0, let value = value(body, hyphens: false) { return value }
        if let value = value(body, hyphens: true) { return value }
        // Where the whole has the right length, the crate speaks of what is inside only.
        if body.count == 36 { throw failure(body, offset: 0, isPlain: true, body.count) }
        throw failure(body, offset: wrapping.before, isPlain: wrapping.before == 0, units.count)
    }

    /// How many units of braces or of the URN prefix stand before and after.
    private static func wrapping(_ units: [UInt8]) -> (before: Int, after: Int) {
        // Text of the length of a bare form is not looked at further.
        if units.count == 32 || units.count == 36 { return (0, 0) }
        let prefix = Array("urn:uuid:".utf8)
        if units.count >= 2, units.first == UInt8(ascii: "{"), units.last == UInt8(ascii: "}") {
            return (1, 1)
        }
        return units.starts(with: prefix) ? (prefix.count, 0) : (0, 0)
    }

    private static func value(_ units: [UInt8], hyphens: Bool) -> UniqueID? {
        guard units.count == (hyphens ? 36 : 32) else { return nil }
        var halves: [UInt64] = [0, 0]
        var digits = 0
        for (index, unit) in units.enumerated() {
            if hyphens && (index == 8 || index == 13 || index == 18 || index == 23) {
                guard unit == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = unit.hexValue else { return nil }
            halves[digits / 16] = halves[digits / 16] << 4 | UInt64(digit)
            digits += 1
        }
        return UniqueID(high: halves[0], low: halves[1])
    }

    private static func failure(
        _ body: [UInt8], offset: Int, isPlain: Bool, _ length: Int
    ) -> Failure {
        var hyphens: [Int] = []
        var index = 0
        for scalar in String(decoding: body, as: UTF8.self).unicodeScalars {
            if scalar == "-" {
                hyphens.append(index)
            } else if !scalar.isASCII || UInt8(scalar.value).hexValue == nil {
                return Failure(message: "invalid character: found `\(scalar)` at \(index + offset)")
            }
            index += UTF8.width(scalar)
        }
        if hyphens.isEmpty && isPlain { return Failure(message: "invalid length: found \(length)") }
        guard hyphens.count == 4 else {
            return Failure(message: "invalid group count: expected 5, found \(hyphens.count + 1)")
        }
        let starts = [0, 9, 14, 19, 24]
        let lengths = [8, 4, 4, 4, 12]
        for group in 0..<4 where hyphens[group] != starts[group + 1] - 1 {
            return groupFailure(group, lengths[group], hyphens[group] - starts[group])
        }
        return groupFailure(4, 12, length - starts[4])
    }

    private static func groupFailure(_ group: Int, _ expected: Int, _ found: Int) -> Failure {
        Failure(
            message: "invalid group length in group \(group): expected \(expected), found \(found)")
    }
}
