import Schema

/// A form's fields in the order in which they were sent.
@usableFromInline
struct FormData: Sendable {
    enum Value: Sendable {
        case text(String)
        case file(UploadedFile)
    }

    /// A form takes so many fields, whichever way it is sent.
    static let mostFields = 1000
    /// What a form takes beside its files, in bytes.
    static let usualLimit = 1 << 20

    private(set) var fields: [(name: String, value: Value)] = []

    mutating func append(_ name: String, _ value: Value) {
        fields.append((name, value))
    }

    /// All fields of that name.
    func values(_ name: String) -> [Value] {
        fields.filter { $0.name.isSpelt(name) }.map(\.value)
    }

    /// The text of the last field of that name, unless that is a file.
    func text(_ name: String) -> String? {
        guard case .text(let text) = fields.last(where: { $0.name.isSpelt(name) })?.value else { return nil }
        return text
    }

    /// The texts of all fields of that name that are no files.
    func texts(_ name: String) -> [String] {
        fields.compactMap { field in
            guard field.name.isSpelt(name), case .text(let text) = field.value else { return nil }
            return text
        }
    }
}

extension FormData {
    static var tooManyFields: HTTPError {
        HTTPError(.badRequest, "Too many fields. Maximum number of fields is \(mostFields).")
    }

    /// What was sent for a parameter that takes texts, where it got a file: no shape of a text takes it.
    func misplacedFiles(_ notes: ParameterNotes) -> JSONValue? {
        let values = notes.isList ? values(notes.name) : Array(values(notes.name).suffix(1))
        var hasFile = false
        let tree = values.map { value -> JSONValue in
            switch value {
            case .text(let text): return .string(text)
            case .file(let file):
                hasFile = true
                return ["filename": .string(file.name), "size": .integer(file.size)]
            }
        }
        return hasFile ? notes.isList ? .array(tree) : tree.last : nil
    }

    /// Reads `application/x-www-form-urlencoded` bytes; throws 400 past the most fields.
    init(urlEncoded bytes: [UInt8]) throws {
        // The array outlives the call.
        fields = try unsafe bytes.withUnsafeBytes { bytes in
            var pairs = unsafe URLEncodedPairs(bytes)
            var fields: [(name: String, value: Value)] = []
            while let pair = pairs.next() {
                guard fields.count < FormData.mostFields else { throw FormData.tooManyFields }
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
