import Crane
import CraneSystem
import HTTPTypes

/// Reads the texts of settings; each function returns `nil` for one that is malformed.
public enum SettingText {
    /// Any text but an empty one, or one with a NUL.
    public static func text(_ text: String) -> String? {
        text.isEmpty || text.utf8.contains(0) ? nil : text
    }

    /// A whole number.
    public static func integer(_ text: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = Int(text), range.contains(value) else { return nil }
        return value
    }

    /// `true`, `1`, `yes` and `on`, or `false`, `0`, `no` and `off`, in any case.
    public static func boolean(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "1", "yes", "on": true
        case "false", "0", "no", "off": false
        default: nil
        }
    }

    /// The items between the commas, without the spaces around them; an empty text is an empty list.
    public static func list(_ text: String) -> [String] {
        text.pieces(at: ",").map(\.withoutWhiteSpace).filter { !$0.isEmpty }.map(String.init)
    }

    /// A name or an address to listen on; an IPv6 address stands without brackets, with or without its zone.
    static func host(_ text: String) -> String? {
        let address = text.prefix { $0 != "%" }
        return isName(text) || isAddress(String(address)) ? text : nil
    }

    /// A path that a Unix socket may have (unix(7), `sun_path`).
    static func socketPath(_ text: String) -> String?? {
        if text.isEmpty { return .some(nil) }
        return text.utf8.count <= 107 && !text.utf8.contains(0) ? .some(text) : .none
    }

    /// The bits that say who may use a file, in octal digits as chmod(1) reads them.
    static func mode(_ text: String) -> UInt16? {
        guard (3...4).contains(text.utf8.count), text.utf8.allSatisfy({ (48...55).contains($0) }) else {
            return nil
        }
        return UInt16(text, radix: 8).flatMap { $0 <= 0o777 ? $0 : nil }
    }

    static func hosts(_ text: String) -> [String]?? {
        let hosts = list(text)
        guard !hosts.isEmpty, hosts.allSatisfy(isHostPattern) else { return .none }
        return .some(hosts.contains("*") ? nil : hosts)
    }

    /// The list of what browsers write into `Origin`: scheme, host and port, in lower case (RFC 6454, section 6.2).
    static func origins(_ text: String) -> [String]? {
        let origins = list(text)
        return origins.allSatisfy(isOrigin) ? origins : nil
    }

    /// A list of methods or field names, which are tokens (RFC 9110, section 5.6.2).
    static func tokens(_ text: String) -> [String]? {
        let tokens = list(text)
        return tokens.allSatisfy { HTTPField.Name($0) != nil } ? tokens : nil
    }

    /// A number, or `nil` for `off`.
    public static func bound(_ text: String, in range: ClosedRange<Int>) -> Int?? {
        if text.lowercased() == "off" { return .some(nil) }
        return integer(text, in: range).map { .some($0) }
    }

    /// `COUNT/SECONDS`, or `nil` for `off`.
    public static func rate(_ text: String) -> RateRule?? {
        if text.lowercased() == "off" { return .some(nil) }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2,
            let count = integer(String(parts[0].withoutWhiteSpace), in: 1...1_000_000_000),
            let seconds = integer(String(parts[1].withoutWhiteSpace), in: 1...86400)
        else { return .none }
        return .some(RateRule(count: count, seconds: seconds))
    }

    static func accessLog(_ text: String) -> ServerSettings.AccessLog? {
        switch text {
        case "off": .off
        case "stderr": .standardError
        default: Self.text(text).map { .file($0) }
        }
    }

    /// Seconds from 0 to 3600, with a fraction or without.
    public static func seconds(_ text: String) -> Duration? {
        guard let seconds = Double(text), (0...3600).contains(seconds) else { return nil }
        return .seconds(seconds)
    }

    private static func isHostPattern(_ text: String) -> Bool {
        if text == "*" { return true }
        if text.hasPrefix("*.") { return isName(String(text.dropFirst(2))) }
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]") && text.contains(":")
        return isName(text) || isAddress(isBracketed ? String(text.dropFirst().dropLast()) : text)
    }

    private static func isOrigin(_ text: String) -> Bool {
        // Pages without an origin of their own send `null`.
        if text == "*" || text == "null" { return true }
        guard text == text.lowercased(), let mark = text.firstRange(of: "://") else { return false }
        let scheme = text[..<mark.lowerBound]
        guard scheme.first?.isLetter == true, HTTPField.Name(String(scheme)) != nil else { return false }
        var host = text[mark.upperBound...]
        if let colon = host.lastIndex(of: ":"), host.last != "]" {
            let port = host[host.index(after: colon)...]
            guard port.allSatisfy(\.isNumber), integer(String(port), in: 1...65535) != nil else {
                return false
            }
            host = host[..<colon]
        }
        return !host.contains("*") && !isBareV6(host) && isHostPattern(String(host))
    }

    private static func isBareV6(_ host: Substring) -> Bool { host.contains(":") && !host.hasPrefix("[") }

    private static func isAddress(_ text: String) -> Bool {
        !text.contains("/") && (try? TrustedProxies([text])) != nil
    }

    /// Whether `text` is labels between points, the last of which may end in one; an IPv4 address is too.
    private static func isName(_ text: String) -> Bool {
        let name = text.hasSuffix(".") ? text.dropLast() : text[...]
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty
                && label.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                        true
                    default: false
                    }
                }
        }
    }
}
