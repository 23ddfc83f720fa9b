import CraneSystem

/// Why a file cannot be opened, read or written.
public struct FileError: Error, Hashable, CustomStringConvertible {
    /// The system's number, `ENOENT` for instance.
    public let code: Int32
    /// What could not be opened, where that is known.
    public let path: String?

    init(code: Int32, path: String? = nil) {
        self.code = code
        self.path = path
    }

    init(_ error: SystemError, path: String? = nil) {
        self.init(code: error.code, path: path)
    }

    /// The file has become shorter while it was read.
    static let cut = FileError(code: EIO)

    /// Whether there is no such file.
    var isMissing: Bool { code == ENOENT || code == ENOTDIR || code == ELOOP || code == ENAMETOOLONG }

    /// Whether the process may not read it.
    var isForbidden: Bool { code == EACCES || code == EPERM }

    public var description: String {
        let reason = "\(SystemError(code))"
        return path.map { "\($0): \(reason)" } ?? reason
    }
}
