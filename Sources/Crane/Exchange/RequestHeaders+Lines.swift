public import CraneHTTP
import CraneSystem
import HTTPTypes

extension RequestHeaders {
    /// The value of the first line of that name, which is the one that Starlette's middleware reads.
    func first(_ name: HTTPField.Name) -> String? {
        // Copied into the string at once.
        unsafe bytes(of: name).map { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

extension RequestHeaders {
    /// The field's value by its name as text, `headers["X-Tenant"]`; `nil` for what is no name, too.
    public subscript(name: String) -> String? { HTTPField.Name(name).flatMap { self[$0] } }
}

extension Request {
    /// The host that the client asks, with its port where it names one: the authority of an absolute target, or the `Host`
    /// field (RFC 9110, section 7.2); `nil` for HTTP/1.0 without either.
    ///
    /// A client may say anything here: `TrustedHost` lets through what is listed.
    public var host: String? { headers.first(.requestHost) }

    /// Calls `body` with the elements of a list field (RFC 9110, section 5.6.1), the last of the last line first, until
    /// it says false. Returns whether there is such a field. Copies nothing.
    func visitListBackwards(
        _ name: HTTPField.Name, _ body: (_ element: UnsafeRawBufferPointer) -> Bool
    ) -> Bool {
        guard headers.contains(name) else { return false }
        // The canonical name is in lower case already.
        var canonical = name.canonicalName
        return canonical.withUTF8 { name in
            let name = UnsafeRawBufferPointer(name)
            for index in stride(from: fields.count - 1, through: 0, by: -1) {
                let line = fields[index]
                // The request's memory outlives the call.
                guard line.name.count == name.count, unsafe bytes(line.name).equals(lowered: name) else {
                    continue
                }
                guard unsafe visitBackwards(bytes(line.value), body) else { break }
            }
            return true
        }
    }
}

/// Calls `body` with what stands between the commas, the last first, until it says false; returns what it said last.
private func visitBackwards(
    _ list: UnsafeRawBufferPointer, _ body: (_ element: UnsafeRawBufferPointer) -> Bool
) -> Bool {
    var end = list.count
    while end >= 0 {
        var start = end
        while start > 0, unsafe list[start - 1] != UInt8(ascii: ",") { start -= 1 }
        let element = unsafe UnsafeRawBufferPointer(rebasing: list[start..<end]).withoutBlanks
        if unsafe element.count > 0 && !body(element) { return false }
        end = start - 1
    }
    return true
}
