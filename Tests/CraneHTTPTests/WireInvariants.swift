import CraneSystem
import HTTPTypes

@testable import CraneHTTP

/// What must hold for any bytes; the fuzzer searches for bytes for which it does not, and tests replay those it has met.
///
/// The first byte of an input says what the rest is: `h` a head, `H` a head under small limits, `c` and `C` a chunked body
/// likewise, `i` an address, `r` the fields of a response, `w` and `W` WebSocket frames, `e` extension offers.
enum WireInvariants {
    private static let small = WireLimits(
        requestLine: 40, headerBytes: 80, headerCount: 4, chunkExtensionBytes: 12)
    private static let large = WireLimits(
        requestLine: 16 << 10, headerBytes: 1 << 16, headerCount: 200, chunkExtensionBytes: 1 << 16)

    /// What is broken for `input`, or `nil`.
    static func broken(by input: [UInt8]) -> String? {
        guard let kind = input.first else { return nil }
        let bytes = Array(input.dropFirst())
        return switch kind {
        case UInt8(ascii: "h"): head(bytes, WireLimits())
        case UInt8(ascii: "H"): head(bytes, small)
        case UInt8(ascii: "c"): chunks(bytes, WireLimits())
        case UInt8(ascii: "C"): chunks(bytes, small)
        case UInt8(ascii: "i"): address(bytes)
        case UInt8(ascii: "r"): answer(bytes)
        case UInt8(ascii: "w"): frames(bytes, limit: 1 << 20, allowsCompression: false)
        case UInt8(ascii: "W"): frames(bytes, limit: 20, allowsCompression: true)
        case UInt8(ascii: "e"): extensions(bytes)
        default: nil
        }
    }

    /// Some ways to cut `bytes`: into single bytes, and in two at up to 16 places.
    static func cuts(_ bytes: [UInt8]) -> [[ArraySlice<UInt8>]] {
        let step = max(1, bytes.count / 16)
        let halves = stride(from: 1, to: bytes.count, by: step).map { [bytes[..<$0], bytes[$0...]] }
        return halves + [bytes.indices.map { bytes[$0...$0] }]
    }

    private static func head(_ bytes: [UInt8], _ limits: WireLimits) -> String? {
        let whole = parse([bytes[...]], limits: limits)
        for parts in cuts(bytes) where parse(parts, limits: limits) != whole {
            return "a split head differs: \(parts.map(\.count)), \(whole), \(parse(parts, limits: limits))"
        }
        if case .broken(let promise) = whole { return promise }
        guard let head = whole.head else { return nil }
        guard head.length <= bytes.count else { return "a head longer than its bytes" }
        return brokenLines(bytes, head) ?? brokenMeaning(head) ?? brokenRoundTrip(head)
    }

    /// Line ends are CRLF, one for each line, and the fields are those that a simple reading finds.
    private static func brokenLines(_ bytes: [UInt8], _ head: Head) -> String? {
        var text = bytes[..<head.length]
        while text.starts(with: [13, 10]) { text = text.dropFirst(2) }
        var lines: [ArraySlice<UInt8>] = []
        while let end = text.firstIndex(of: 10) {
            guard end > text.startIndex, text[end - 1] == 13 else { return "a bare line feed in a head" }
            let line = text[..<(end - 1)]
            guard !line.contains(13) else { return "a bare carriage return in a head" }
            lines.append(line)
            text = text[(end + 1)...]
        }
        guard text.isEmpty, lines.last?.isEmpty == true else { return "a head without its empty line" }
        let requestLine = latin1("\(head.method) \(head.target) HTTP/1.")
        // RFC 9110, section 2.5: a higher minor version is taken for 1.1.
        guard let line = lines.first, line.dropLast().elementsEqual(requestLine), let last = line.last,
            (48...57).contains(last), min(last - 48, 1) == head.framing.minorVersion
        else { return "another request line" }
        let isAbsolute = !head.target.hasPrefix("/") && head.target != "*"
        for (line, field) in zip(lines.dropFirst().dropLast(), head.fields) {
            guard let colon = line.firstIndex(of: 58) else { return "a field without a colon" }
            var value = line[(colon + 1)...]
            while let first = value.first, first == 32 || first == 9 { value = value.dropFirst() }
            while let last = value.last, last == 32 || last == 9 { value = value.dropLast() }
            guard Array(line[..<colon]) == latin1(field.name) else { return "another field name" }
            if isAbsolute, field.name.lowercased() == "host" { continue }
            guard Array(value) == field.value else { return "another field value" }
        }
        let added = isAbsolute && head.framing.minorVersion == 0 ? 1 : 0
        guard (0...added).contains(head.fields.count - (lines.count - 2)) else {
            return "another number of fields"
        }
        return nil
    }

    /// What the fields say agrees with the framing.
    private static func brokenMeaning(_ head: Head) -> String? {
        func values(_ name: String) -> [String] {
            head.fields.filter { $0.name.lowercased() == name }.map {
                String(decoding: $0.value, as: UTF8.self)
            }
        }
        let hosts = values("host")
        if hosts.count > 1 || head.framing.minorVersion == 1 && hosts.count != 1 { return "not one Host" }
        if hosts.contains("") { return "an empty Host" }
        let lengths = values("content-length")
        let codings = values("transfer-encoding").map { $0.lowercased() }
        let expected: RequestFraming.Body? =
            switch (lengths.count, codings) {
            case (0, []): RequestFraming.Body.none
            case (0, ["chunked"]): .chunked
            case (1, []): UInt64(lengths[0]).map { $0 == 0 ? RequestFraming.Body.none : .length($0) }
            default: nil
            }
        guard head.framing.body == expected else { return "framing that the fields do not say" }
        guard head.path.hasPrefix("/") || head.path == "*" && head.method == "OPTIONS" else {
            return "an odd path"
        }
        guard head.target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x23 }) else {
            return "an odd target"
        }
        return nil
    }

    /// A head written anew from what was read is read as the same.
    private static func brokenRoundTrip(_ head: Head) -> String? {
        var text = latin1("\(head.method) \(head.target) HTTP/1.\(head.framing.minorVersion)\r\n")
        for field in head.fields { text += latin1(field.name) + [58] + field.value + [13, 10] }
        text += [13, 10]
        guard var again = parse([text[...]], limits: large).head else {
            return "a head that is refused the second time"
        }
        guard again.length == text.count else { return "another length the second time" }
        again.length = head.length
        return again == head ? nil : "another head the second time"
    }

    private static func chunks(_ bytes: [UInt8], _ limits: WireLimits) -> String? {
        let whole = decode([bytes[...]], limits: limits)
        for parts in cuts(bytes) where decode(parts, limits: limits) != whole {
            return "a split body differs: \(parts.map(\.count)), \(whole), \(decode(parts, limits: limits))"
        }
        if case .broken(let promise) = whole { return promise }
        guard case .complete(let body, let trailers, let length) = whole else { return nil }
        guard length <= bytes.count else { return "a body longer than its bytes" }
        guard simpleBody(bytes[..<length]) == body else { return "another body than a simple reading finds" }
        let output = OutputBuffer()
        ResponseEncoder.chunk(body, to: output)
        var fields = HTTPFields()
        for trailer in trailers {
            guard let colon = trailer.utf8.firstIndex(of: 58) else { return "a trailer without a colon" }
            guard let name = HTTPField.Name(String(trailer[..<colon])) else { return "an odd trailer name" }
            fields.append(HTTPField(name: name, value: String(trailer.utf8[colon...].dropFirst(2)) ?? ""))
        }
        ResponseEncoder.lastChunk(trailers: fields, to: output)
        let text = unsafe Array(output.bytes)
        let again = decode([text[...]], limits: large)
        let expected = Decoded.complete(body: body, trailers: trailers, length: text.count)
        return again == expected ? nil : "another body the second time"
    }

    /// Reads a body that is known to be well formed: the first CRLF ends a size, whatever stands before it.
    private static func simpleBody(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var rest = bytes
        var body: [UInt8] = []
        while true {
            guard let end = rest.firstIndex(of: 13), rest.dropFirst(end - rest.startIndex + 1).first == 10
            else { return nil }
            let digits = rest[..<end].prefix { $0.hexValue != nil }
            guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
            rest = rest[(end + 2)...]
            if size == 0 { return body }
            guard rest.count >= size + 2 else { return nil }
            body += rest.prefix(size)
            rest = rest.dropFirst(size)
            guard rest.starts(with: [13, 10]) else { return nil }
            rest = rest.dropFirst(2)
        }
    }

    /// Addresses are what the C library takes for addresses, and print as they read.
    private static func address(_ bytes: [UInt8]) -> String? {
        guard bytes.count < 64, !bytes.contains(0) else { return nil }
        let address = IPAddress(bytes.span)
        let text = bytes.map { CChar(truncatingIfNeeded: $0) } + [0]
        var v4: UInt32 = 0
        var v6: [UInt8] = Array(repeating: 0, count: 16)
        let expected: IPAddress?
        if unsafe inet_pton(AF_INET, text, &v4) == 1 {
            expected = IPAddress(v4: UInt32(bigEndian: v4))
        } else if unsafe inet_pton(AF_INET6, text, &v6) == 1 {
            let words = [v6[..<8], v6[8...]].map { $0.reduce(0) { $0 << 8 | UInt64($1) } }
            expected = IPAddress(high: words[0], low: words[1])
        } else {
            expected = nil
        }
        guard address == expected else { return "an address that the C library reads otherwise" }
        if let address, IPAddress(address.description) != address {
            return "an address that prints as another"
        }
        return nil
    }

    /// However the values look, a response has the lines it should have and ends once.
    private static func answer(_ bytes: [UInt8]) -> String? {
        var response = Response(
            status: .init(code: 299, reasonPhrase: String(decoding: bytes.prefix(9), as: UTF8.self)))
        for pair in bytes.split(separator: 0xFF) {
            let colon = pair.firstIndex(of: 58) ?? pair.endIndex
            guard let name = HTTPField.Name(String(decoding: pair[..<colon], as: UTF8.self)) else { continue }
            let value = pair[colon...].dropFirst()
            let isLenient = value.count % 2 == 0
            let field =
                isLenient ? HTTPField(name: name, lenientValue: value) : HTTPField(name: name, value: value)
            response.headers.append(field)
        }
        let output = OutputBuffer(capacity: 1)
        let framing = ResponseEncoder.encode(
            response, to: output, isHead: false, minorVersion: 1, keepAlive: true, date: HTTPDate())
        let text = unsafe Array(output.bytes)
        let owned = ["date", "connection", "content-length", "transfer-encoding"]
        let others = response.headers.filter { !owned.contains($0.name.canonicalName) }.count
        let lines = 4 + others + (framing.keepAlive ? 0 : 1)
        guard text.filter({ $0 == 10 }).count == lines, text.filter({ $0 == 13 }).count == lines else {
            return "a split answer"
        }
        for index in text.indices where text[index] == 10 && (index == 0 || text[index - 1] != 13) {
            return "a bare line feed in an answer"
        }
        guard text.suffix(4) == [13, 10, 13, 10] else { return "an answer without its end" }
        return nil
    }
}
