import CraneHTTP
import CraneSystem
import HTTPTypes

extension TrustedProxies {
    /// The address that the request comes from: of the addresses in `X-Forwarded-For`, or else in `Forwarded`, the
    /// last one that is not a trusted proxy's; the first one when all are.
    func client(of request: Request) -> PeerAddress { walk(request).client }

    /// The client, and how many hops behind the peer it stands: trusted proxies that told of one further on.
    private func walk(_ request: Request) -> (client: PeerAddress, hops: Int) {
        guard contains(request.peer.ip) else { return (request.peer, 0) }
        // Health checks, and whoever asks from the machine itself.
        let isForwarded =
            request.headers.contains(.xForwardedFor) || request.headers.contains(.forwarded)
        return isForwarded ? walk(behind: request.peer, request) : (request.peer, 0)
    }

    @inline(never)
    private func walk(
        behind peer: PeerAddress, _ request: Request
    ) -> (client: PeerAddress, hops: Int) {
        var client = peer
        var hops = 0
        // A hop that names no address ends the walk at the hop before (RFC 7239, section 6.2).
        func visit(_ node: Span<UInt8>?) -> Bool {
            guard let node = node, let address = PeerAddress(node: node) else { return false }
            client = address
            let isTrusted = contains(address.ip)
            if isTrusted { hops += 1 }
            return isTrusted
        }
        // Where both are sent, the proxy wrote the commoner one and let the other through.
        let isThere = request.visitListBackwards(.xForwardedFor) { visit($0) }
        if !isThere {
            _ = request.visitListBackwards(.forwarded) { visit(parameter("for", of: $0)) }
        }
        return (client, hops)
    }

    /// The scheme that the client used: the element of `X-Forwarded-Proto`, or else of `Forwarded`, that the proxy next to the
    /// client wrote; the first one where there are fewer elements than hops.
    func scheme(of request: Request) -> Scheme {
        guard contains(request.peer.ip) else { return .http }
        var hops = walk(request).hops
        var scheme = Scheme.http
        func visit(_ proto: Span<UInt8>?) -> Bool {
            if let proto = proto {
                scheme = Scheme(proto: proto.text)
            }
            hops -= 1
            return hops >= 0
        }
        let isThere = request.visitListBackwards(.xForwardedProto) { visit($0) }
        if !isThere {
            _ = request.visitListBackwards(.forwarded) { visit(parameter("proto", of: $0)) }
        }
        return scheme
    }

    /// The path under which the client sees this application, as the proxies between the two tell it in `X-Forwarded-Prefix`,
    /// the one next to the client first; `nil` where none does, or what stands there is no path.
    func prefix(of request: Request) -> RootPath? {
        guard contains(request.peer.ip), request.headers.contains(.xForwardedPrefix) else { return nil }
        var hops = walk(request).hops
        var parts: [String] = []
        _ = request.visitListBackwards(.xForwardedPrefix) { part in
            parts.append(part.text)
            hops -= 1
            return hops >= 0
        }
        if parts.isEmpty { return nil }
        let paths = parts.reversed().map { RootPath($0) }
        return paths.contains(nil) ? nil : RootPath(paths.compactMap { $0?.text }.joined())
    }

    /// A trusted peer's `X-Request-ID`, when it is 1 to 128 characters that are safe in any log.
    func requestID(of request: Request) -> String? {
        guard contains(request.peer.ip), let id = request.headers.first(.xRequestID) else { return nil }
        return Self.isRequestID(id) ? id : nil
    }

    /// Whether the text is 1 to 128 characters that are safe in any log.
    static func isRequestID(_ id: String) -> Bool {
        let isSane = id.utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122: true
            default: "-_.:+/=@~".utf8.contains(byte)
            }
        }
        return isSane && (1...128).contains(id.utf8.count)
    }
}

extension Scheme {
    fileprivate init(proto: String) {
        switch proto.lowercased() {
        case "https", "wss": self = .https
        default: self = .http
        }
    }
}

extension PeerAddress {
    /// Reads an address without its zone, which means something to the hop alone (RFC 6874):
    /// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:4711` (RFC 7239, section 6).
    fileprivate init?(node: Span<UInt8>) {
        let colon = UInt8(ascii: ":")
        var host = 0..<node.count
        var port = node.count..<node.count
        if node.first == UInt8(ascii: "[") {
            guard let end = node.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            guard end + 1 == node.count || node[end + 1] == colon else { return nil }
            host = 1..<end
            port = min(end + 2, node.count)..<node.count
        } else if let first = node.firstIndex(of: colon), node.firstIndex(of: colon, from: first + 1) == nil {
            host = 0..<first
            port = (first + 1)..<node.count
        }
        let address = node.extracting(host)
        if address.firstIndex(of: colon) != nil, let zone = address.firstIndex(of: UInt8(ascii: "%")) {
            host = host.lowerBound..<(host.lowerBound + zone)
        }
        guard let ip = IPAddress(node.extracting(host)) else { return nil }
        // A port may be hidden (RFC 7239, section 6.3): the address counts without it.
        var number: UInt16? = port.isEmpty ? nil : 0
        for index in port {
            let digit = node[index] &- 48
            let (tens, overflow) = (number ?? 0).multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(UInt16(digit))
            number = number == nil || digit > 9 || overflow || carry ? nil : sum
        }
        self.init(ip: ip, port: number ?? 0)
    }
}

/// The value of a parameter of one hop in `Forwarded`, without its quotes (RFC 7239, section 4).
@_lifetime(copy hop)
private func parameter(_ name: String, of hop: Span<UInt8>) -> Span<UInt8>? {
    var start = 0
    while start < hop.count {
        let end = hop.firstIndex(of: UInt8(ascii: ";"), from: start) ?? hop.count
        let pair = hop.extracting(start..<end)
        start = end + 1
        guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
        guard pair.extracting(first: equals).withoutBlanks.equals(lowered: name.utf8.span) else { continue }
        let value = pair.extracting((equals + 1)...).withoutBlanks
        let quote = UInt8(ascii: "\"")
        let isQuoted = value.count >= 2 && value.first == quote && value.last == quote
        return isQuoted ? value.extracting(1..<(value.count - 1)) : value
    }
    return nil
}
