extension JSONReader {
    /// Whether the bytes are one JSON value in its plain form; false says nothing about them. Allocates nothing.
    package static func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard var reader = unsafe JSONReader(bytes) else { return false }
        do {
            try reader.skipValue()
            try reader.finish()
            return true
        } catch {
            return false
        }
    }
}
