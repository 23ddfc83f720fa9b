import HTTPTypes
import HTTPWire

extension RequestHeaders {
    /// The value of the first line of that name, which is the one that Starlette's middleware reads.
    func first(_ name: HTTPField.Name) -> String? {
        // Copied into the string at once.
        unsafe withBytes(of: name) { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
