import CraneSchema
import CraneSystem

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
    /// The bytes of all names and texts.
    private(set) var textLength = 0

    mutating func append(_ name: String, _ value: Value) {
        fields.append((name, value))
        textLength += name.utf8.count
        if case .text(let text) = value { textLength += text.utf8.count }
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
    /// The response to a form that cannot be read.
    static var malformed: HTTPError { HTTPError(.badRequest, "There was an error parsing the body") }

    static var tooManyFields: HTTPError {
        HTTPError(.badRequest, "Too many fields. Maximum number of fields is \(mostFields).")
    }

    /// What was sent for a parameter that takes texts, where it got a file: no schema of a text takes it.
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
        var pairs = URLEncodedPairs(bytes.span)
        while let pair = pairs.next() {
            guard fields.count < FormData.mostFields else { throw FormData.tooManyFields }
            append(pairs.text(pair.name), .text(pairs.text(pair.value)))
        }
    }
}
