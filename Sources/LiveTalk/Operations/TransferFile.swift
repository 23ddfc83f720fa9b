#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that comments are written to or read from, in pieces; standard input or output for the path `-`.
final class TransferFile {
    let path: String
    private let descriptor: Int32
    private let isStandard: Bool
    /// What is read once more, before the rest.
    private var returned: [UInt8] = []

    private init(_ path: String, _ descriptor: Int32, isStandard: Bool) {
        self.path = path
        self.descriptor = descriptor
        self.isStandard = isStandard
    }

    static func reading(_ path: String) throws(OperationError) -> TransferFile {
        if path == "-" { return TransferFile("standard input", STDIN_FILENO, isStandard: true) }
        return try opened(path, O_RDONLY)
    }

    /// Fails for a file that is there already, unless it is to be continued; no more may read a new one than `source`.
    static func writing(
        _ path: String, continuing: Bool, like source: String
    ) throws(OperationError) -> TransferFile {
        if path == "-" { return TransferFile("standard output", STDOUT_FILENO, isStandard: true) }
        var status = stat()
        let mode = unsafe stat(source, &status) == 0 ? status.st_mode & 0o666 | 0o600 : 0o600
        return try opened(path, O_RDWR | O_CREAT | (continuing ? 0 : O_EXCL), mode)
    }

    private static func opened(
        _ path: String, _ flags: Int32, _ mode: mode_t = 0
    ) throws(OperationError) -> TransferFile {
        // The path is a terminated string for the length of the call.
        let descriptor = unsafe open(path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            let hint = errno == EEXIST ? " (--resume continues it)" : ""
            throw OperationError("\(path): \(SystemError.last)\(hint)")
        }
        return TransferFile(path, descriptor, isStandard: false)
    }

    deinit {
        if !isStandard { close(descriptor) }
    }

    /// The length in bytes; 0 for what is no plain file.
    var length: Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return 0 }
        return Int(status.st_size)
    }

    /// The next bytes, at most `count`; none at the end.
    func read(_ count: Int = 256 << 10) throws(OperationError) -> [UInt8] {
        if !returned.isEmpty {
            defer { returned = [] }
            return returned
        }
        var bytes = [UInt8](repeating: 0, count: count)
        while true {
            // The array outlives the call, which writes at most its length.
            let got = unsafe bytes.withUnsafeMutableBytes {
                unsafe systemRead(descriptor, $0.baseAddress, $0.count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw OperationError("\(path): \(SystemError.last)") }
            bytes.removeLast(count - got)
            return bytes
        }
    }

    /// Lets the next `read` give these bytes again; a pipe cannot be read from its beginning.
    func giveBack(_ bytes: [UInt8]) {
        returned = bytes
    }

    func write(_ bytes: [UInt8]) throws(OperationError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // The slice outlives the call, which reads at most its length.
            let count = unsafe rest.withUnsafeBytes {
                unsafe systemWrite(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw OperationError("\(path): \(SystemError.last)") }
            rest = rest.dropFirst(count)
        }
    }

    func move(to offset: Int) throws(OperationError) {
        guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
            throw OperationError("\(path): \(SystemError.last)")
        }
    }

    /// Drops all from `offset` on and goes on there.
    func cut(at offset: Int) throws(OperationError) {
        guard ftruncate(descriptor, off_t(offset)) == 0 else {
            throw OperationError("\(path): \(SystemError.last)")
        }
        try move(to: offset)
    }

    /// Makes sure that what was written is on the disk.
    func sync() throws(OperationError) {
        // Pipes and terminals have none (fsync(2), EINVAL).
        guard isStandard || fsync(descriptor) == 0 else {
            throw OperationError("\(path): \(SystemError.last)")
        }
    }
}

// The members of the same names hide the functions inside the type.
private func systemRead(_ descriptor: Int32, _ room: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    unsafe read(descriptor, room, count)
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe write(descriptor, bytes, count)
}
