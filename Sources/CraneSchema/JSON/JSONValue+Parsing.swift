extension JSONValue {
    /// Reads a whole JSON text as CPython 3.11's `json.loads` does.
    ///
    /// Throws `.unreadable` for bytes that are no text or past a limit, `.invalid` with one `json_invalid` issue, located
    /// in `root`, for broken JSON. Cost: one tree.
    public static func parse(
        _ bytes: Span<UInt8>, limits: JSONLimits = JSONLimits(), root: String = "body"
    ) throws(DecodingFailure) -> JSONValue {
        guard bytes.count <= limits.bytes else { throw .unreadable(.size) }
        let decoded: [UInt8]?
        switch TextDecoding.encoding(of: bytes) {
        case .utf8(let skipped): return try parse(text: bytes.extracting(skipped...), limits, root)
        case .utf16(let bigEndian, let skipped):
            decoded = TextDecoding.utf16(bytes.extracting(skipped...), bigEndian: bigEndian)
        case .utf32(let bigEndian, let skipped):
            decoded = TextDecoding.utf32(bytes.extracting(skipped...), bigEndian: bigEndian)
        }
        guard let decoded else { throw .unreadable(.encoding) }
        return try parse(text: decoded.span, limits, root)
    }

    /// Reads a whole JSON text held in an array.
    public static func parse(
        _ bytes: [UInt8], limits: JSONLimits = JSONLimits()
    ) throws(DecodingFailure) -> JSONValue {
        try parse(bytes.span, limits: limits)
    }

    private static func parse(
        text: Span<UInt8>, _ limits: JSONLimits, _ root: String
    ) throws(DecodingFailure) -> JSONValue {
        guard UTF8Check.check(text, allowingSurrogates: true) else { throw .unreadable(.encoding) }
        var parser = JSONParser(text, limits)
        do {
            return try parser.document()
        } catch {
            switch error {
            case .limit(let reason): throw .unreadable(reason)
            case .syntax(let message, let index):
                // Python counts code points: leave out the continuation bytes.
                let offset = (0..<index).count { text[$0] & 0xC0 != 0x80 }
                let issue = JSONSyntaxError(message: message, offset: offset).issue(in: root)
                throw .invalid(ValidationError([issue]))
            }
        }
    }
}
