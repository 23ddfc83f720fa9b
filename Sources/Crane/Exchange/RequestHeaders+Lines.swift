public import CraneHTTP
import CraneSystem
import HTTPTypes

extension RequestHeaders {
    /// The value of the first line of that name, which is the one that Starlette's middleware reads.
    func first(_ name: HTTPField.Name) -> String? { request.bytes(of: name)?.text }
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
        _ name: HTTPField.Name, _ body: (_ element: Span<UInt8>) -> Bool
    ) -> Bool {
        guard headers.contains(name) else { return false }
        // In lower case already.
        let canonical = name.canonicalName
        let name = canonical.utf8.span
        for index in stride(from: fields.count - 1, through: 0, by: -1) {
            let line = fields[index]
            guard line.name.count == name.count, bytes(line.name).equals(lowered: name) else { continue }
            guard visitBackwards(bytes(line.value), body) else { break }
        }
        return true
    }
}

/// Calls `body` with what stands between the commas, the last first, until it says false; returns what it said last.
private func visitBackwards(
    _ list: Span<UInt8>, _ body: (_ element: Span<UInt8>) -> Bool
) -> Bool {
    var end = list.count
    while end >= 0 {
        var start = end
        while start > 0, list[start - 1] != UInt8(ascii: ",") { start -= 1 }
        let element = list.extracting(start..<end).withoutBlanks
        if element.count > 0 && !body(element) { return false }
        end = start - 1
    }
    return true
}
