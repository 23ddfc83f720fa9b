public import CraneHTTP
import CraneSystem
import HTTPTypes

/// Answers only requests for the hosts it knows (RFC 9110, section 7.2): others get 400 `Invalid host header`.
///
/// Hosts compare without case and without their port. A host that is listed with `www.` in front is sent there with 307.
/// A look-up compares bytes and allocates nothing.
public struct TrustedHost: SynchronousMiddleware {
    private struct Pattern: Sendable {
        /// Where the text stands in `labels`; of `*.example.com` it is `.example.com`.
        let label: Range<Int>
        let isSuffix: Bool
    }

    private let allowsAny: Bool
    private let redirectsToWWW: Bool
    private let patterns: [Pattern]
    private let labels: [UInt8]
    private let exempt: [[UInt8]]

    /// - Parameters:
    ///   - hosts: names, addresses (IPv6 with or without brackets), `*.example.com` for every host under that name at any
    ///     depth, `*` for all; traps on a `*` elsewhere.
    ///   - redirectsToWWW: whether `example.com` is sent to `www.example.com` when only that is listed.
    ///   - exempt: paths that are answered whatever the host.
    public init(_ hosts: [String], redirectsToWWW: Bool = true, exempt: [String] = []) {
        self.exempt = exempt.map { Array($0.utf8) }
        allowsAny = hosts.contains("*")
        self.redirectsToWWW = redirectsToWWW
        var patterns: [Pattern] = []
        var labels: [UInt8] = []
        for host in hosts where host != "*" {
            let isSuffix = host.hasPrefix("*.")
            var text = (isSuffix ? String(host.dropFirst()) : host).lowercased()
            precondition(!text.contains("*"), "a host pattern is like *.example.com, not \(host)")
            if text.utf8.count(where: { $0 == UInt8(ascii: ":") }) > 1, !text.hasPrefix("[") {
                text = "[\(text)]"
            }
            patterns.append(
                Pattern(label: labels.count..<(labels.count + text.utf8.count), isSuffix: isSuffix))
            labels += text.utf8
        }
        self.patterns = patterns
        self.labels = labels
    }

    public func enter(_ request: Request, _ context: Context) throws -> Response? {
        allowsAny || isTrusted(request) || isExempt(request) ? nil : try redirect(request, context)
    }

    private func isTrusted(_ request: Request) -> Bool {
        guard let field = request.bytes(of: .requestHost) else { return false }
        let host = TrustedHost.withoutPort(field)
        return patterns.contains { matches($0, host) }
    }

    private func isExempt(_ request: Request) -> Bool {
        if exempt.isEmpty { return false }
        return exempt.contains { $0.span.isSpelt(request.pathBytes) }
    }

    /// The host of a `Host` field without its port; IPv6 keeps its brackets (RFC 3986, section 3.2.2).
    @_lifetime(copy field)
    private static func withoutPort(_ field: Span<UInt8>) -> Span<UInt8> {
        let end: Int?
        if field.first == UInt8(ascii: "[") {
            end = field.firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 }
            if let end, end < field.count, field[end] != UInt8(ascii: ":") { return field }
        } else {
            end = field.firstIndex(of: UInt8(ascii: ":"))
        }
        return field.extracting(first: end ?? field.count)
    }

    private func matches(_ pattern: Pattern, _ host: Span<UInt8>) -> Bool {
        let length = pattern.label.count
        guard pattern.isSuffix ? host.count >= length : host.count == length else { return false }
        return host.extracting(last: length).equals(lowered: labels.span.extracting(pattern.label))
    }

    @inline(never)
    private func redirect(_ request: Request, _ context: Context) throws(UntrustedHost) -> Response {
        let host = request.headers.first(.requestHost) ?? ""
        // The path of `OPTIONS *` is none that could follow a host.
        guard redirectsToWWW, request.rawPathBytes.first == UInt8(ascii: "/"), isTrusted(www: host) else {
            throw UntrustedHost()
        }
        return .redirect(
            to: "\(context.scheme)://www.\(host)\(context.location(ofPath: request.rawPathBytes))")
    }

    /// Whether the host is listed with `www.` in front, and its port, if there is one, is a number: it goes into a URL.
    private func isTrusted(www field: String) -> Bool {
        let parts = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.first else { return false }
        if parts.count == 2, !parts[1].utf8.allSatisfy({ (48...57).contains($0) }) { return false }
        // Only whole names are asked for, as in Starlette.
        let www = Array("www.\(host)".utf8)
        return patterns.contains { !$0.isSuffix && matches($0, www.span) }
    }
}

/// A request for a host that is not listed: told as Starlette does, unless the application has a form of its own.
private struct UntrustedHost: ResponseError, HTTPErrorConvertible {
    var httpError: HTTPError { HTTPError(.badRequest, "Invalid host header") }

    func response(for request: Request, context: Context) -> Response {
        .text("Invalid host header", status: .badRequest)
    }
}
