import CraneSystem
public import HTTPTypes

/// A request's header fields, read from the bytes that came; a look-up scans the table and makes a string of what it finds.
public struct RequestHeaders: Sendable {
    package let request: Request

    init(request: Request) {
        self.request = request
    }

    /// The number of field lines.
    public var count: Int { request.fields.count }

    /// The field's value; several lines of one name are joined by a comma, `Cookie` by a semicolon (RFC 9110, 5.3; RFC 6265).
    public subscript(name: HTTPField.Name) -> String? {
        guard let first = range(of: name, from: 0) else { return nil }
        var value = request.string(request.fields[first].value)
        var next = first + 1
        while let index = range(of: name, from: next) {
            value += (name == .cookie ? "; " : ", ") + request.string(request.fields[index].value)
            next = index + 1
        }
        return value
    }

    /// The value of each line of that name, in order.
    public func values(_ name: HTTPField.Name) -> [String] {
        var values: [String] = []
        var next = 0
        while let index = range(of: name, from: next) {
            values.append(request.string(request.fields[index].value))
            next = index + 1
        }
        return values
    }

    /// Whether there is such a field; makes no string.
    public func contains(_ name: HTTPField.Name) -> Bool {
        range(of: name, from: 0) != nil
    }

    /// The index of the first line of that name at or after `start`; a test of a bit where none has a name of its length.
    func range(of name: HTTPField.Name, from start: Int) -> Int? {
        // In lower case already.
        let canonical = name.canonicalName
        let length = canonical.utf8.count
        guard request.fields.mayHaveName(ofLength: length) else { return nil }
        var index = start
        while index < request.fields.count {
            let range = request.fields[index].name
            if range.count == length, request.bytes(range).equals(lowered: canonical.utf8.span) {
                return index
            }
            index &+= 1
        }
        return nil
    }
}

extension RequestHeaders: Sequence {
    public func makeIterator() -> AnyIterator<HTTPField> {
        var index = 0
        return AnyIterator {
            while index < request.fields.count {
                let field = request.fields[index]
                index += 1
                // The parser takes only tokens, which are valid names.
                guard let name = HTTPField.Name(request.string(field.name)) else { continue }
                return HTTPField(name: name, value: request.string(field.value))
            }
            return nil
        }
    }
}
