import CraneSystem

/// Reads a small text file whole.
enum TextFile {
    enum Outcome {
        case text(String)
        case missing
        case unreadable(String)
    }

    static let limit = 1 << 20

    /// Reads at most 1 MiB; a longer file, a directory or bytes that are not UTF-8 are unreadable.
    static func read(_ path: String) -> Outcome {
        // The path is a terminated string for the length of the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno == ENOENT ? .missing : .unreadable(SystemError.last) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            var part = [UInt8](repeating: 0, count: 16 << 10)
            // The array outlives the call, which writes at most its length.
            let count = unsafe part.withUnsafeMutableBytes {
                unsafe systemRead(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return .unreadable(SystemError.last) }
            if count == 0 { break }
            bytes += part[..<count]
        }
        guard bytes.count <= limit else { return .unreadable("longer than 1 MiB") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .unreadable("not UTF-8 text")
        }
        return .text(text)
    }
}

// The member of the same name hides the function inside the type.
private func systemRead(_ descriptor: Int32, _ room: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    unsafe read(descriptor, room, count)
}
