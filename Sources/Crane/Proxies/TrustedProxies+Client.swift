import HTTPTypes
import HTTPWire

extension TrustedProxies {
    /// The address that the request comes from: of the addresses in `X-Forwarded-For`, or else in `Forwarded`, the
    /// last one that is not a trusted proxy's; the first one when all are.
    func client(of request: Request) -> PeerAddress {
        guard contains(request.peer.ip) else { return request.peer }
        // Where both are sent, the proxy wrote the commoner one and let the other through.
        if request.headers.contains(.xForwardedFor) {
            return client(of: request, among: request.headers.values(.xForwardedFor)) { $0 }
        }
        if request.headers.contains(.forwarded) {
            return client(of: request, among: request.headers.values(.forwarded)) { parameter("for", of: $0) }
        }
        return request.peer
    }

    /// Walks the hops from the nearest to the farthest; a hop that names no address ends the walk (RFC 7239, section 6).
    private func client(
        of request: Request, among lines: [String], node: (Substring) -> Substring?
    ) -> PeerAddress {
        var client = request.peer
        for line in lines.reversed() {
            for hop in line.split(separator: ",").reversed() {
                guard let node = node(trimmed(hop)), let address = PeerAddress(node: node) else {
                    return client
                }
                client = address
                guard contains(address.ip) else { return client }
            }
        }
        return client
    }

    /// The scheme that the client used: the last `X-Forwarded-Proto`, or else the nearest `proto` in `Forwarded`.
    func scheme(of request: Request) -> Scheme {
        guard contains(request.peer.ip) else { return .http }
        if let proto = request.headers.values(.xForwardedProto).last {
            return Scheme(proto: proto[...])
        }
        guard let hop = request.headers.values(.forwarded).last?.split(separator: ",").last else {
            return .http
        }
        return Scheme(proto: parameter("proto", of: hop) ?? "http")
    }

    /// A trusted peer's `X-Request-ID`, when it is 1 to 128 characters that are safe in any log.
    func requestID(of request: Request) -> String? {
        guard contains(request.peer.ip), let id = request.headers.first(.xRequestID) else { return nil }
        let isSane = id.utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122: true
            default: "-_.:+/=@~".utf8.contains(byte)
            }
        }
        return isSane && (1...128).contains(id.utf8.count) ? id : nil
    }
}

extension Scheme {
    fileprivate init(proto: Substring) {
        switch proto.lowercased() {
        case "https", "wss": self = .https
        default: self = .http
        }
    }
}

extension PeerAddress {
    /// Reads `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:4711` (RFC 7239, section 6).
    fileprivate init?(node: Substring) {
        var host = node
        var port: Substring?
        if host.first == "[" {
            guard let end = host.firstIndex(of: "]") else { return nil }
            let rest = host[host.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
            host = host[host.index(after: host.startIndex)..<end]
        } else if let colon = host.firstIndex(of: ":"), host.lastIndex(of: ":") == colon {
            port = host[host.index(after: colon)...]
            host = host[..<colon]
        }
        guard let ip = IPAddress(host) else { return nil }
        // A port may be hidden (RFC 7239, section 6.3): the address counts without it.
        self.init(ip: ip, port: port.flatMap { UInt16($0) } ?? 0)
    }
}

/// The value of a parameter of one hop in `Forwarded`, without its quotes (RFC 7239, section 4).
private func parameter(_ name: String, of hop: Substring) -> Substring? {
    for pair in hop.split(separator: ";") {
        guard let equals = pair.firstIndex(of: "=") else { continue }
        guard trimmed(pair[..<equals]).lowercased() == name else { continue }
        let value = trimmed(pair[pair.index(after: equals)...])
        let isQuoted = value.count >= 2 && value.first == "\"" && value.last == "\""
        return isQuoted ? value.dropFirst().dropLast() : value
    }
    return nil
}

private func trimmed(_ text: Substring) -> Substring {
    let isSpace = { (character: Character) in character == " " || character == "\t" }
    let start = text.drop(while: isSpace)
    return start.lastIndex { !isSpace($0) }.map { start[...$0] } ?? ""
}
