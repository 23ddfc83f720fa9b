import CraneSchema

/// A file in the body's form, which is sent as `multipart/form-data`: `Upload("avatar")`.
///
/// ```swift
/// app.post("/avatar", Upload("avatar"), Form("title", String?.self)) { file, title in ... }
/// app.post("/files", Upload(all: "files", upTo: 1 << 20)) { files in ... }
/// ```
public struct Upload<Value: Sendable>: Input {
    /// What is taken of a file by default, in bytes: as much as a server takes of a body by default.
    public static var usualLimit: Int { 16 << 20 }

    private let notes: ParameterNotes
    private let limit: Int
    private let isRequired: Bool
    /// The value of the files of that name; `nil` where one is missing.
    private let take: @Sendable ([UploadedFile]) -> Value?

    private init(
        _ name: String, _ description: String?, _ limit: Int, isList: Bool, isRequired: Bool,
        _ take: @escaping @Sendable ([UploadedFile]) -> Value?
    ) {
        notes = ParameterNotes(
            name: name, place: .body, title: nil, description: description, isDeprecated: false,
            isList: isList, emptyIsAbsent: false)
        self.limit = limit
        self.isRequired = isRequired
        self.take = take
    }

    public func value(in inputs: inout Inputs) async throws -> Value? {
        read(&inputs)
    }

    public var extraction: InputExtraction { .reading { read(&$0) } }

    private func read(_ inputs: inout Inputs) -> Value? {
        let all = inputs.form?.values(notes.name) ?? []
        let values = notes.isList ? all : Array(all.suffix(1))
        var files: [UploadedFile] = []
        var issues: [ValidationIssue] = []
        for (index, value) in values.enumerated() {
            switch value {
            case .file(let file): files.append(file)
            // An input without a file, in a form that is sent without its files.
            case .text("") where !isRequired: break
            case .text(let text):
                let place = notes.isList ? notes.location + [.index(index)] : notes.location
                issues.append(Upload.noFile(text, place))
            }
        }
        if issues.isEmpty, let value = take(files) { return value }
        inputs.note(issues.isEmpty ? [.missing(notes.location)] : issues, at: .body)
        return nil
    }

    /// The issue of a text in a file's place, as FastAPI tells it.
    private static func noFile(_ text: String, _ place: [LocationPart]) -> ValidationIssue {
        ValidationIssue(
            type: "value_error", location: place,
            message: "Value error, Expected UploadFile, received: <class 'str'>", input: .string(text),
            context: [.init("error", [:])])
    }

    public func describe(to operation: inout InputsDescription) {
        let binary: JSONValue = ["type": "string", "format": "binary"]
        let schema: JSONValue = notes.isList ? ["type": "array", "items": binary] : binary
        operation.add(
            InputsDescription.DescribedParameter(
                notes: notes, isRequired: isRequired, uploadLimit: limit,
                schema: { [notes, isRequired] _ in
                    SchemaNotes.annotated(
                        isRequired ? schema : ["anyOf": [schema, ["type": "null"]]], name: notes.name,
                        title: nil, description: notes.description, fallback: nil)
                }))
    }
}

extension Upload where Value == UploadedFile {
    /// A file that must be sent, of at most `limit` bytes; of several of that name the last one counts.
    ///
    /// More is answered 413. The server's own bound on a body, 16 MiB if it is not told otherwise, comes before.
    public init(_ name: String, description: String? = nil, upTo limit: Int = usualLimit) {
        self.init(name, description, limit, isList: false, isRequired: true) { $0.last }
    }
}

extension Upload where Value == UploadedFile? {
    /// A file that may be left out.
    public init(optional name: String, description: String? = nil, upTo limit: Int = usualLimit) {
        self.init(name, description, limit, isList: false, isRequired: false) { .some($0.last) }
    }
}

extension Upload where Value == [UploadedFile] {
    /// All files of that name, one at least, together of at most `limit` bytes.
    public init(all name: String, description: String? = nil, upTo limit: Int = usualLimit) {
        self.init(name, description, limit, isList: true, isRequired: true) { $0.isEmpty ? nil : $0 }
    }
}
