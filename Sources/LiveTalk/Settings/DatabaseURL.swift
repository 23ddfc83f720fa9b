/// Where the comments are kept: an SQLite file, or memory.
public enum DatabaseURL: Hashable, Sendable {
    case file(String)
    case memory

    /// The file's path; `nil` in memory.
    var path: String? {
        if case .file(let path) = self { path } else { nil }
    }

    /// Reads `sqlite:///relative.db`, `sqlite:////absolute.db`, `sqlite://` or `sqlite:///:memory:`; `nil` for others.
    public init?(_ text: String) {
        let scheme = "sqlite://"
        guard text.hasPrefix(scheme) else { return nil }
        switch text.dropFirst(scheme.count) {
        case "", "/", "/:memory:":
            self = .memory
        case let rest where rest.hasPrefix("/") && !rest.contains("?") && !rest.contains("\0"):
            self = .file(String(rest.dropFirst()))
        default:
            return nil
        }
    }
}

extension DatabaseURL: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let path): "sqlite:///\(path)"
        case .memory: "sqlite://"
        }
    }
}
