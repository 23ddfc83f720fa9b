import CraneSchema

/// What became of an input: the value written again, the issues, or nothing readable.
enum Outcome: Equatable {
    case accepted(String)
    case refused(String)
    case unreadable

    /// Decodes bytes with a schema and writes what came out.
    init(_ schema: some Schema, _ bytes: [UInt8], limits: JSONLimits = JSONLimits()) {
        do {
            self = .accepted(text(schema.encode(try schema.decode(bytes, limits: limits))))
        } catch {
            switch error {
            case .unreadable: self = .unreadable
            case .invalid(let error): self = .refused(Outcome.issues(error))
            }
        }
    }

    init(_ schema: some Schema, _ json: String) {
        self.init(schema, Array(json.utf8))
    }

    /// The list of issues, without `{"detail":` around it.
    static func issues(_ error: ValidationError) -> String {
        String(text(error.body).dropFirst(#"{"detail":"#.utf8.count).dropLast())
    }
}

func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
}
