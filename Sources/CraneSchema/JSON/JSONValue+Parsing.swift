extension JSONValue {
    /// Reads a whole JSON text as CPython 3.11's `json.loads` does.
    ///
    /// Throws `.unreadable` for bytes that are no text or past a limit, `.invalid` with one `json_invalid` issue, located
    /// in `root`, for broken JSON. Cost: one tree.
    public static func parse(
        _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = JSONLimits(), root: String = "body"
    ) throws(DecodingFailure) -> JSONValue {
        guard bytes.count <= limits.bytes else { throw .unreadable(.size) }
        let source = unsafe bytes.assumingMemoryBound(to: UInt8.self)
        let decoded: [UInt8]?
        switch unsafe TextDecoding.encoding(of: source) {
        case .utf8(let skipped):
            return try unsafe parse(
                text: UnsafeBufferPointer(rebasing: source.dropFirst(skipped)), limits, root)
        case .utf16(let bigEndian, let skipped):
            decoded = unsafe TextDecoding.utf16(source.dropFirst(skipped), bigEndian: bigEndian)
        case .utf32(let bigEndian, let skipped):
            decoded = unsafe TextDecoding.utf32(source.dropFirst(skipped), bigEndian: bigEndian)
        }
        guard let decoded else { throw .unreadable(.encoding) }
        return try unsafe decoded.withUnsafeBufferPointer { text throws(DecodingFailure) in
            try unsafe parse(text: text, limits, root)
        }
    }

    /// Reads a whole JSON text held in an array.
    public static func parse(
        _ bytes: [UInt8], limits: JSONLimits = JSONLimits()
    ) throws(DecodingFailure) -> JSONValue {
        try unsafe bytes.withUnsafeBufferPointer { bytes throws(DecodingFailure) in
            try unsafe parse(UnsafeRawBufferPointer(bytes), limits: limits)
        }
    }

    private static func parse(
        text: UnsafeBufferPointer<UInt8>, _ limits: JSONLimits, _ root: String
    ) throws(DecodingFailure) -> JSONValue {
        // The caller keeps the text, of which the tree has copies.
        guard unsafe UTF8Check.check(text, allowingSurrogates: true) else { throw .unreadable(.encoding) }
        var parser = unsafe JSONParser(text, limits)
        do {
            return try parser.document()
        } catch {
            switch error {
            case .limit(let reason): throw .unreadable(reason)
            case .syntax(let message, let index):
                // Python counts code points: leave out the continuation bytes.
                let offset = unsafe text.prefix(index).reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
                let issue = JSONSyntaxError(message: message, offset: offset).issue(in: root)
                throw .invalid(ValidationError([issue]))
            }
        }
    }
}
