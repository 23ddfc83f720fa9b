extension JSONReader {
    /// Takes a quoted key and its colon where they stand next.
    mutating func takesKey(_ key: [UInt8]) -> Bool {
        guard next() == 0x22, end &- index > key.count else { return false }
        for offset in key.indices where key[offset] != at(index &+ offset) { return false }
        let start = index
        index &+= key.count
        if takes(UInt8(ascii: ":")) { return true }
        index = start
        return false
    }

    /// Takes a key that is no field's; one with escapes might be a field's after all.
    mutating func skipUnknownKey() throws(JSONFallback) {
        let start = index
        try skipString()
        for offset in start..<index where at(offset) == 0x5C { throw JSONFallback() }
        try take(UInt8(ascii: ":"))
    }
}
