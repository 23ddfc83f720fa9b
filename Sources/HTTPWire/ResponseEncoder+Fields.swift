internal import HTTPTypes

extension ResponseEncoder {
    /// What a handler said in fields that the encoder writes itself.
    struct GivenFraming {
        var length: UInt64?
        var close = false
    }

    /// Appends all fields but those that the encoder owns; `isSwitch` keeps Connection for a 101 (RFC 9110, section 7.8).
    static func appendFields(_ fields: HTTPFields, isSwitch: Bool, to output: OutputBuffer) -> GivenFraming {
        var given = GivenFraming()
        for field in fields {
            let name = field.name.canonicalName
            // The length tells most fields from the four.
            switch name.utf8.count {
            case 4 where name == "date": continue
            case 10 where name == "connection":
                if !isSwitch {
                    unsafe field.withUnsafeBytesOfValue { value in
                        var options = unsafe ListElements(UnsafeRawBufferPointer(value))
                        while let option = unsafe options.next() {
                            if unsafe isEqual(option, "close") { given.close = true }
                        }
                    }
                    continue
                }
            case 14 where name == "content-length":
                given.length = UInt64(field.value)
                continue
            case 17 where name == "transfer-encoding": continue
            default: break
            }
            append(field, to: output)
        }
        return given
    }

    static func append(_ field: HTTPField, to output: OutputBuffer) {
        output.append(field.name.rawName)
        output.append(": ")
        unsafe field.withUnsafeBytesOfValue { unsafe output.append(UnsafeRawBufferPointer($0)) }
        output.append("\r\n")
    }
}
