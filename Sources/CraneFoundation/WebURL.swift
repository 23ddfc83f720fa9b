/// A URL as browsers read it (WHATWG URL Standard, without a base), in its normal form.
struct WebURL: CustomStringConvertible {
    /// Why a text is none, in the words of Rust's `url`, which pydantic passes on.
    struct Failure: Error {
        let description: String

        init(_ description: String) { self.description = description }
    }

    let scheme: String
    let description: String

    /// Schemes with a host and a path in any case, and their ports.
    private static let special: [String: Int?] = [
        "http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21, "file": nil,
    ]

    init(_ text: String) throws(Failure) {
        // Blanks around it and line ends within are no part of it.
        var rest = Array(text.utf8)[...]
        while let byte = rest.first, byte <= 0x20 { rest = rest.dropFirst() }
        while let byte = rest.last, byte <= 0x20 { rest = rest.dropLast() }
        rest = rest.filter { ![0x09, 0x0A, 0x0D].contains($0) }[...]
        if rest.isEmpty { throw Failure("input is empty") }
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")), Self.isScheme(rest[..<colon]) else {
            throw Failure("relative URL without a base")
        }
        scheme = String(decoding: rest[..<colon], as: UTF8.self).lowercased()
        rest = rest[(colon + 1)...]
        var fragment = ""
        if let mark = rest.firstIndex(of: UInt8(ascii: "#")) {
            fragment = "#" + PercentSet.fragment.encode(rest[(mark + 1)...])
            rest = rest[..<mark]
        }
        let isSpecial = Self.special[scheme] != nil
        var query = ""
        if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
            query = "?" + (isSpecial ? PercentSet.specialQuery : .query).encode(rest[(mark + 1)...])
            rest = rest[..<mark]
        }
        let place = isSpecial ? try Self.specialPlace(scheme, rest) : try Self.plainPlace(rest)
        description = scheme + ":" + place + query + fragment
    }

    private static func isScheme(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, isLetter(first) else { return false }
        return bytes.allSatisfy {
            isLetter($0) || (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E].contains($0)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    private static func isSlash(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
    }

    /// Host and path of a special scheme, where a backslash is a slash.
    private static func specialPlace(_ scheme: String, _ text: ArraySlice<UInt8>) throws(Failure) -> String {
        var rest = text
        let slashes = rest.prefix(while: isSlash).count
        if scheme == "file" {
            // Only two slashes have a host behind them, which may be empty.
            rest = slashes >= 2 ? rest.dropFirst(2) : rest
            let end = slashes >= 2 ? rest.firstIndex(where: isSlash) ?? rest.endIndex : rest.startIndex
            let host = rest[..<end].isEmpty ? "" : try WebHost.domain(rest[..<end])
            return "//" + (host == "localhost" ? "" : host) + path(rest[end...], isSpecial: true)
        }
        rest = rest.dropFirst(slashes)
        let end = rest.firstIndex(where: isSlash) ?? rest.endIndex
        let (user, host, port) = try authority(rest[..<end])
        guard !host.isEmpty else { throw Failure("empty host") }
        let usual = special[scheme] ?? nil
        let portText = port.flatMap { $0 == usual ? nil : ":\($0)" } ?? ""
        return "//" + user + (try WebHost.domain(host)) + portText + path(rest[end...], isSpecial: true)
    }

    /// The same of any other scheme: behind two slashes a host, and without a slash no path that has parts.
    private static func plainPlace(_ text: ArraySlice<UInt8>) throws(Failure) -> String {
        let slash = UInt8(ascii: "/")
        guard text.starts(with: [slash, slash]) else {
            return text.first == slash
                ? path(text, isSpecial: false) : PercentSet.control.encode(text)
        }
        let rest = text.dropFirst(2)
        let end = rest.firstIndex(of: slash) ?? rest.endIndex
        let (user, host, port) = try authority(rest[..<end])
        if host.isEmpty, !user.isEmpty || port != nil { throw Failure("empty host") }
        let name = try WebHost.opaque(host)
        let behind = rest[end...].isEmpty ? "" : path(rest[end...], isSpecial: false)
        return "//" + user + name + (port.map { ":\($0)" } ?? "") + behind
    }

    /// User with its `@`, host, and port.
    private static func authority(
        _ text: ArraySlice<UInt8>
    ) throws(Failure) -> (user: String, host: ArraySlice<UInt8>, port: Int?) {
        var rest = text
        var user = ""
        if let mark = rest.lastIndex(of: UInt8(ascii: "@")) {
            let parts = rest[..<mark].split(
                separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false
            ).map { PercentSet.userInfo.encode($0) }
            let password = parts.count > 1 && !parts[1].isEmpty ? ":" + parts[1] : ""
            if !parts[0].isEmpty || !password.isEmpty { user = parts[0] + password + "@" }
            rest = rest[(mark + 1)...]
            if rest.isEmpty || rest.first == UInt8(ascii: ":") { throw Failure("empty host") }
        }
        // The colons of an IPv6 address stand in brackets.
        let bracket = rest.lastIndex(of: UInt8(ascii: "]")) ?? rest.startIndex
        guard let colon = rest[bracket...].firstIndex(of: UInt8(ascii: ":")) else { return (user, rest, nil) }
        if rest.first == UInt8(ascii: "["), !rest.contains(UInt8(ascii: "]")) { return (user, rest, nil) }
        let digits = rest[(colon + 1)...]
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { throw Failure("invalid port number") }
        let number = digits.reduce(0) { min($0 * 10 + Int($1 - 0x30), 1 << 20) }
        guard number <= 65535 else { throw Failure("invalid port number") }
        return (user, rest[..<colon], digits.isEmpty ? nil : number)
    }

    /// The path without `.` and `..`.
    private static func path(_ text: ArraySlice<UInt8>, isSpecial: Bool) -> String {
        var segments: [String] = []
        let parts = text.split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: "/") || isSpecial && $0 == UInt8(ascii: "\\")
        }
        let all =
            text.first.map { isSpecial ? isSlash($0) : $0 == UInt8(ascii: "/") } == true
            ? parts.dropFirst() : parts[...]
        for (place, part) in all.enumerated() {
            let isLast = place == all.count - 1
            switch String(decoding: part, as: UTF8.self).lowercased().replacing("%2e", with: ".") {
            case ".": if isLast { segments.append("") }
            case "..":
                _ = segments.popLast()
                if isLast { segments.append("") }
            default: segments.append(PercentSet.path.encode(part))
            }
        }
        return "/" + segments.joined(separator: "/")
    }
}
