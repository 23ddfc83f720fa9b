extension JSONReader {
    /// Whether the bytes are one JSON value in its plain form; false says nothing about them. Allocates nothing.
    package static func isPlain(_ bytes: Span<UInt8>) -> Bool {
        // The reader ends with the call.
        unsafe bytes.withUnsafeBytes { bytes in
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
}
