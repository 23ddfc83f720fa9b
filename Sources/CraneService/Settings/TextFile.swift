import CraneSystem

/// Reads a small text file whole.
package enum TextFile {
    package enum Outcome {
        case text(String)
        case missing
        case unreadable(String)
    }

    static let limit = 1 << 20

    /// Reads at most 1 MiB; a longer file, a directory or bytes that are not UTF-8 are unreadable.
    package static func read(_ path: String) -> Outcome {
        do {
            guard let bytes = try FileDescriptor.open(path, O_RDONLY).readToEnd(limit: limit) else {
                return .unreadable("longer than 1 MiB")
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                return .unreadable("not UTF-8 text")
            }
            return .text(text)
        } catch {
            return error.code == ENOENT ? .missing : .unreadable("\(error)")
        }
    }
}
