/// A form's fields in the order in which they were sent.
@usableFromInline
struct FormData: Sendable {
    enum Value: Sendable {
        case text(String)
    }

    var fields: [(name: String, value: Value)] = []

    /// The value of the last field of that name.
    func text(_ name: String) -> String? {
        guard case .text(let text) = fields.last(where: { $0.name == name })?.value else { return nil }
        return text
    }

    /// The values of all fields of that name.
    func texts(_ name: String) -> [String] {
        fields.compactMap { field in
            guard field.name == name, case .text(let text) = field.value else { return nil }
            return text
        }
    }
}

extension FormData {
    /// Reads `application/x-www-form-urlencoded` bytes.
    init(urlEncoded bytes: [UInt8]) {
        // The array outlives the call.
        fields = unsafe bytes.withUnsafeBytes { bytes in
            var pairs = unsafe URLEncodedPairs(bytes)
            var fields: [(name: String, value: Value)] = []
            while let pair = pairs.next() {
                fields.append((pairs.text(pair.name), .text(pairs.text(pair.value))))
            }
            return fields
        }
    }
}

extension Inputs {
    /// The form, where an input of the route takes one.
    var form: FormData? {
        if case .form(let form) = content { form } else { nil }
    }
}
