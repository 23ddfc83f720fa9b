import CSQLite

/// What the database could not do, with SQLite's own code and one readable line.
public struct DatabaseError: Error, Sendable, Hashable {
    /// What a caller can act on; ``code`` says it in SQLite's terms.
    public enum Kind: Sendable, Hashable {
        /// A lock was not to be had within the busy time-out.
        case busy
        /// The disk or the quota is full.
        case full
        /// The file, or the connection used, may not be written.
        case readOnly
        /// The file has been moved or removed since it was opened.
        case moved
        /// The file's content contradicts itself.
        case corrupt
        /// A constraint of the schema refused the change.
        case constraint
        /// The file is not an SQLite database.
        case notADatabase
        /// The file could not be opened or created.
        case cannotOpen
        /// A newer version of the program has migrated the file.
        case newerVersion
        /// A migration that has been applied reads differently now.
        case migrationChanged
        /// The queue of writes is full.
        case overloaded
        /// The caller was cancelled before its write began, or its read was interrupted.
        case cancelled
        /// The statements took longer than they were given.
        case tooLong
        /// Another process, or another `Database` of this one, owns the file.
        case locked
        /// The operating system refused to read, write or sync.
        case ioError
        /// The `Database` has been closed.
        case closed
        /// The program asked for what there cannot be.
        case misuse
        /// Anything else: a mistake in the SQL, a value too big, no memory.
        case other
    }

    /// What went wrong, for a `switch`.
    public let kind: Kind
    /// SQLite's extended result code, or 0 where SQLite was not asked.
    public let code: Int32
    /// What went wrong, for a person.
    public let message: String

    /// An error of this module's own, which SQLite knows nothing of.
    public init(_ kind: Kind, code: Int32 = 0, message: String) {
        self.kind = kind
        self.code = code
        self.message = message
    }

    /// The error behind an extended result code (https://sqlite.org/rescode.html).
    init(code: Int32, message: String) {
        self.init(Self.kind(of: code), code: code, message: message)
    }

    private static func kind(of code: Int32) -> Kind {
        if code == SQLITE_READONLY | (4 << 8) {  // SQLITE_READONLY_DBMOVED
            return .moved
        }
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: return .busy
        case SQLITE_FULL: return .full
        case SQLITE_READONLY, SQLITE_PERM: return .readOnly
        case SQLITE_CORRUPT: return .corrupt
        case SQLITE_CONSTRAINT: return .constraint
        case SQLITE_NOTADB: return .notADatabase
        case SQLITE_CANTOPEN: return .cannotOpen
        case SQLITE_INTERRUPT: return .cancelled
        case SQLITE_IOERR: return .ioError
        default: return .other
        }
    }
}

extension DatabaseError: CustomStringConvertible {
    /// One line: the message, then SQLite's code where there is one.
    public var description: String {
        code == 0 ? message : "\(message) (SQLite code \(code))"
    }
}
