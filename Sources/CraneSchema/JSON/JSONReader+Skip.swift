import CraneSystem

extension JSONReader {
    /// Moves past one value, checking its syntax; up to 64 containers deep, beyond that it is a surprise.
    @usableFromInline
    mutating func skipValue() throws(JSONFallback) {
        // One bit a level, the innermost lowest: 1 for an object, 0 for an array.
        var kinds: UInt64 = 0
        var depth = 0
        while true {
            let value = next()
            if value == UInt8(ascii: "{") || value == UInt8(ascii: "[") {
                let isObject = value == UInt8(ascii: "{")
                index += 1
                guard depth < 64, depth < room else { throw JSONFallback() }
                if takes(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    if depth == 0 { return }
                } else {
                    kinds = kinds << 1 | (isObject ? 1 : 0)
                    depth += 1
                    if isObject { try skipKey() }
                    continue
                }
            } else {
                try skipScalar(value)
                if depth == 0 { return }
            }
            // A value has ended: close what ends with it, then stand before the next value.
            while !takes(UInt8(ascii: ",")) {
                try take(kinds & 1 == 1 ? UInt8(ascii: "}") : UInt8(ascii: "]"))
                kinds >>= 1
                depth -= 1
                if depth == 0 { return }
            }
            if kinds & 1 == 1 { try skipKey() }
        }
    }

    private mutating func skipKey() throws(JSONFallback) {
        try skipString()
        try take(UInt8(ascii: ":"))
    }

    private mutating func skipScalar(_ first: UInt8) throws(JSONFallback) {
        switch first {
        case 0x22: try skipString()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try skipNumber()
        }
    }

    /// Moves past a string, checking escapes and UTF-8.
    @usableFromInline
    mutating func skipString() throws(JSONFallback) {
        try take(0x22)
        while true {
            let start = index
            let (stop, ascii) = plainRun()
            guard stop < end else { throw JSONFallback() }
            let run = unsafe Span(_unsafeStart: base + start, count: stop - start)
            if !ascii, !UTF8Check.isValid(run) { throw JSONFallback() }
            index = stop + 1
            let value = at(stop)
            if value == 0x22 { return }
            guard value == 0x5C, index < end else { throw JSONFallback() }
            if at(index) == UInt8(ascii: "u") {
                guard end - index >= 5 else { throw JSONFallback() }
                for offset in 1...4 where at(index + offset).hexValue == nil {
                    throw JSONFallback()
                }
                index += 5
            } else {
                guard JSONEscape.plain(at(index)) != nil else { throw JSONFallback() }
                index += 1
            }
        }
    }
}
