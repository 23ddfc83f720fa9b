import CraneSystem

/// Host names beyond ASCII (RFC 3492).
enum Punycode {
    /// The name with every label in ASCII, lower case and NFC; `nil` for one that is no name in any script.
    static func domain(_ name: String) -> String? {
        // Full stops of other scripts end labels too (UTS #46).
        let name = name.lowercased().composed.replacing(/[\u{3002}\u{FF0E}\u{FF61}]/, with: ".")
        var labels: [String] = []
        for label in name.split(separator: ".", omittingEmptySubsequences: false) {
            guard let ascii = self.label(String(label)) else { return nil }
            labels.append(ascii)
        }
        return labels.joined(separator: ".")
    }

    private static func label(_ label: String) -> String? {
        if label.utf8.allSatisfy({ $0 < 0x80 }) {
            guard label.hasPrefix("xn--") else { return label }
            // It must be what it would be written as.
            guard let scalars = decode(Array(label.utf8.dropFirst(4))),
                scalars.contains(where: { $0.value >= 0x80 }),
                scalars.allSatisfy(isAllowed), encode(scalars).map({ "xn--" + $0 }) == label
            else { return nil }
            return label
        }
        let scalars = Array(label.unicodeScalars)
        guard scalars.allSatisfy(isAllowed), let encoded = encode(scalars) else { return nil }
        return "xn--" + encoded
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }

    private static let (least, most, skew, damp, base) = (1, 26, 38, 700, 36)

    private static func adapted(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var (delta, k) = (isFirst ? delta / damp : delta / 2, 0)
        delta += delta / count
        while delta > (base - least) * most / 2 {
            delta /= base - least
            k += base
        }
        return k + (base - least + 1) * delta / (delta + skew)
    }

    private static func threshold(_ k: Int, _ bias: Int) -> Int { min(max(k - bias, least), most) }

    private static func encode(_ scalars: [Unicode.Scalar]) -> String? {
        var output = scalars.filter(\.isASCII).map { UInt8($0.value) }
        let basic = output.count
        if basic > 0 { output.append(UInt8(ascii: "-")) }
        var (n, delta, bias, handled) = (0x80, 0, 72, basic)
        while handled < scalars.count {
            guard let next = scalars.map({ Int($0.value) }).filter({ $0 >= n }).min() else { return nil }
            delta += (next - n) * (handled + 1)
            n = next
            for scalar in scalars {
                let value = Int(scalar.value)
                if value < n { delta += 1 }
                guard value == n else { continue }
                var (q, k) = (delta, base)
                while case let t = threshold(k, bias), q >= t {
                    output.append(digit(t + (q - t) % (base - t)))
                    q = (q - t) / (base - t)
                    k += base
                }
                output.append(digit(q))
                bias = adapted(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            n += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func digit(_ value: Int) -> UInt8 { UInt8(value < 26 ? 0x61 + value : 0x16 + value) }

    private static func decode(_ bytes: [UInt8]) -> [Unicode.Scalar]? {
        let mark = bytes.lastIndex(of: UInt8(ascii: "-"))
        var output = bytes[..<(mark ?? 0)].map { Unicode.Scalar($0) }
        var rest = bytes[(mark.map { $0 + 1 } ?? 0)...]
        // A name has 253 characters; more would only cost time.
        guard !rest.isEmpty, bytes.count <= 253 else { return nil }
        var (n, i, bias) = (0x80, 0, 72)
        while !rest.isEmpty {
            let old = i
            var (weight, k) = (1, base)
            while true {
                guard let byte = rest.popFirst(), let digit = value(byte), weight <= 1 << 30 else {
                    return nil
                }
                i += digit * weight
                guard i <= 1 << 32 else { return nil }
                let t = threshold(k, bias)
                if digit < t { break }
                weight *= base - t
                k += base
            }
            bias = adapted(i - old, output.count + 1, isFirst: old == 0)
            n += i / (output.count + 1)
            i %= output.count + 1
            guard let scalar = UInt32(exactly: n).flatMap(Unicode.Scalar.init) else { return nil }
            output.insert(scalar, at: i)
            i += 1
        }
        return output
    }

    private static func value(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x61...0x7A: Int(byte) - 0x61
        case 0x30...0x39: Int(byte) - 0x16
        default: nil
        }
    }
}
