public import CraneHTTP
import HTTPTypes

/// A cookie to keep in the browser (RFC 6265, section 4.1); its defaults are those of Starlette.
public struct SetCookie: Hashable, Sendable {
    /// Whether the cookie is sent with requests that other sites begin (RFC 6265bis, section 4.1.2.7).
    public enum SameSite: String, Hashable, Sendable {
        case lax, strict, none
    }

    /// The name, which is sent as it is.
    public let name: String
    /// The value; what is not plain is quoted.
    public var value: String
    /// How long it is kept, in whole seconds; `nil` for as long as the browser runs, `.zero` to remove the cookie.
    public var maxAge: Duration?
    /// The paths that it is sent to begin with this one; `nil` for the folder of the request's own.
    public let path: String?
    /// The host that it is sent to, with those below it; `nil` for the one that sets it, alone.
    public let domain: String?
    /// Whether it is sent over HTTPS only.
    public var isSecure: Bool
    /// Whether scripts cannot read it.
    public var isHTTPOnly: Bool
    /// When other sites' requests carry it; `nil` leaves that to the browser.
    public var sameSite: SameSite?

    /// A cookie whose value may be any text; traps for a name, path or domain that would end there or begin something else,
    /// so these are not to come from a client.
    public init(
        _ name: String, _ value: String, maxAge: Duration? = nil, path: String? = "/", domain: String? = nil,
        secure: Bool = false, httpOnly: Bool = false, sameSite: SameSite? = .lax
    ) {
        precondition(!name.isEmpty && name.utf8.allSatisfy(SetCookie.isPlain), "not a cookie's name: \(name)")
        for part in [path, domain].compactMap(\.self) {
            // RFC 6265, section 4.1.1: any character but controls and the semicolon.
            let isWhole = part.utf8.allSatisfy { $0 >= 32 && $0 != 127 && $0 != UInt8(ascii: ";") }
            precondition(isWhole, "not a cookie's path or domain: \(part)")
        }
        self.name = name
        self.value = value
        self.maxAge = maxAge
        self.path = path
        self.domain = domain
        isSecure = secure
        isHTTPOnly = httpOnly
        self.sameSite = sameSite
    }

    /// The field's value: `session=abc; HttpOnly; Path=/; SameSite=lax`.
    public var fieldValue: String {
        var parts = ["\(name)=\(SetCookie.quoted(value))"]
        if let domain { parts.append("Domain=\(domain)") }
        if isHTTPOnly { parts.append("HttpOnly") }
        if let maxAge { parts.append("Max-Age=\(maxAge.components.seconds)") }
        if let path { parts.append("Path=\(path)") }
        if let sameSite { parts.append("SameSite=\(sameSite.rawValue)") }
        if isSecure { parts.append("Secure") }
        return parts.joined(separator: "; ")
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || "!#$%&'*+-.^_`|~:".utf8.contains(byte)
    }

    /// A value with other than plain characters in quotes, its bytes escaped as Python's `http.cookies` does it; `Cookie`
    /// reads it back.
    private static func quoted(_ value: String) -> String {
        if value.utf8.allSatisfy(isPlain) { return value }
        var text = "\""
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                text += "\\"
                text.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: ","), UInt8(ascii: ";"), 0..<32, 127...:
                let octal = String(byte, radix: 8)
                text += "\\" + String(repeating: "0", count: 3 - octal.utf8.count) + octal
            default:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return text + "\""
    }
}

extension Response {
    /// Adds a `Set-Cookie` field; each cookie has a line of its own (RFC 6265, section 3).
    public mutating func setCookie(_ cookie: SetCookie) {
        headers.append(HTTPField(name: .setCookie, value: cookie.fieldValue))
    }

    /// Has the browser remove a cookie: what names it, path and domain among it, must be as it was set.
    ///
    /// - Parameters:
    ///   - name: the cookie's name.
    ///   - path: the one that it was set with.
    ///   - domain: the one that it was set with.
    ///   - secure: whether it was set for HTTPS only, as a name that begins with `__Host-` or `__Secure-` must be.
    public mutating func deleteCookie(
        _ name: String, path: String? = "/", domain: String? = nil, secure: Bool = false
    ) {
        setCookie(SetCookie(name, "", maxAge: .zero, path: path, domain: domain, secure: secure))
    }
}
