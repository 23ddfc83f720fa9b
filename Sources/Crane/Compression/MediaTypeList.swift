import CraneHTTP
import CraneSystem
import HTTPTypes

/// Media types that a setting lists.
struct MediaTypeList: Sendable {
    private var whole: Set<String> = []
    private var prefixes: [String] = []
    private var suffixes: [String] = []
    /// For each `UsualType`, whether it is among them: asked for each response.
    private var usual: [Bool] = []

    /// Those that are worth a compression.
    static let usual = MediaTypeList(Compression.usualTypes)

    init(_ types: [String]) {
        for type in types.map({ $0.lowercased() }) {
            if type.hasSuffix("*") {
                prefixes.append(String(type.dropLast()))
            } else if type.hasPrefix("*") {
                suffixes.append(String(type.dropFirst()))
            } else {
                whole.insert(type)
            }
        }
        usual = UsualType.allCases.map { type in type.fields[.contentType].map { holds($0) } ?? false }
    }

    /// Whether it is among them; costs a load.
    func holds(_ type: UsualType) -> Bool { usual[Int(type.rawValue)] }

    /// Whether the type of a `Content-Type` is among them.
    func holds(_ field: String) -> Bool {
        let type = (field.halves(at: ";")?.before ?? field[...]).withoutBlanks.loweredASCII
        if whole.contains(type) { return true }
        // Somebody waits for each event: only who names the type means it.
        if type == ServerSentEvent.mediaType { return false }
        return prefixes.contains { type.hasPrefix($0) } || suffixes.contains { type.hasSuffix($0) }
    }
}
