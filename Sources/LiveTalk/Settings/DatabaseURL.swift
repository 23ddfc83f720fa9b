#if POSTGRES
import CranePostgres
#endif

/// Where the comments are kept: an SQLite file, memory, or a PostgreSQL.
public enum DatabaseURL: Hashable, Sendable {
    case file(String)
    case memory
    /// What libpq is told, which may have a password in it.
    case postgres(String)

    /// The file's path; `nil` for what is no file.
    var path: String? {
        if case .file(let path) = self { path } else { nil }
    }

    /// Why a command that works on a file has none; `nil` for a file.
    var refusal: String? {
        switch self {
        case .file: nil
        case .memory: "DATABASE_URL names a database in memory"
        case .postgres: "DATABASE_URL names a PostgreSQL, of which pg_dump and pg_restore take care"
        }
    }

    /// Reads `sqlite:///relative.db`, `sqlite:////absolute.db`, `sqlite://`, `sqlite:///:memory:` or `postgresql://…`; `nil` for others.
    public init?(_ text: String) {
        if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") {
            guard Self.isReadable(text) else { return nil }
            self = .postgres(text)
            return
        }
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

    /// Whether libpq can read it, where there is one: the start says that it is not there.
    private static func isReadable(_ url: String) -> Bool {
        #if POSTGRES
        do throws(PostgresError) { _ = try PostgresConfiguration(url) } catch {
            return error.kind != .invalidConfiguration
        }
        #endif
        return true
    }
}

extension DatabaseURL: CustomStringConvertible {
    /// The URL without a password.
    public var description: String {
        switch self {
        case .file(let path): return "sqlite:///\(path)"
        case .memory: return "sqlite://"
        case .postgres(let url):
            #if POSTGRES
            return (try? PostgresConfiguration(url))?.description ?? "postgresql://"
            #else
            return "postgresql://"
            #endif
        }
    }
}
