import CraneSQLite
import CraneSystem

/// A file that comments are written to or read from, in pieces; standard input or output for the path `-`.
final class TransferFile {
    let path: String
    private let descriptor: Int32
    /// Whether the descriptor is closed in the end.
    private let isOwn: Bool
    /// Where a new file has its name.
    private let place: FilePlace?

    private init(_ path: String, _ descriptor: Int32, isOwn: Bool, place: FilePlace? = nil) {
        self.path = path
        self.descriptor = descriptor
        self.isOwn = isOwn
        self.place = place
    }

    /// A file that somebody else has open.
    convenience init(_ path: String, open descriptor: Int32) {
        self.init(path, descriptor, isOwn: false)
    }

    /// What open(2) has given for the path.
    private convenience init(
        _ path: String, _ descriptor: Int32, place: FilePlace? = nil
    ) throws(OperationError) {
        guard descriptor >= 0 else { throw OperationError("\(path): \(SystemError.last)") }
        self.init(path, descriptor, isOwn: true, place: place)
    }

    static func reading(_ path: String) throws(OperationError) -> TransferFile {
        if path == "-" { return TransferFile("standard input", open: STDIN_FILENO) }
        // The path is a terminated string for the length of the call.
        return try TransferFile(path, unsafe open(path, O_RDONLY | O_CLOEXEC))
    }

    /// Fails for a file that is there already, unless it is to be continued; no more may read a new one than `source`.
    static func writing(
        _ path: String, continuing: Bool, like source: String
    ) throws(OperationError) -> TransferFile {
        if path == "-" { return standardOutput() }
        var status = stat()
        let mode = unsafe stat(source, &status) == 0 ? status.st_mode & 0o666 | 0o600 : 0o600
        do {
            let place = try FilePlace(path)
            if BackupFile.isCompanion(place.name) {
                throw OperationError("\(path): the name is for a file that belongs to a database")
            }
            if let status = place.status(), !FilePlace.isPlain(status) {
                throw OperationError("\(path): it is no plain file")
            }
            // Never through a link that has come into the way since.
            let descriptor = place.open("", O_RDWR | O_CREAT | (continuing ? 0 : O_EXCL), mode)
            if descriptor < 0, errno == EEXIST {
                throw OperationError(
                    "\(path) exists already: --resume continues it, --replace writes it anew")
            }
            return try TransferFile(path, descriptor, place: place)
        } catch {
            throw OperationError(error, at: path)
        }
    }

    static func standardOutput() -> TransferFile {
        TransferFile("standard output", open: STDOUT_FILENO)
    }

    /// A file without a name, in `TMPDIR` or else `/tmp`, that goes when it is closed.
    static func temporary() throws(OperationError) -> TransferFile {
        let directory = ProcessEnvironment.variables()["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array("\(directory)/livetalk-XXXXXX".utf8CString)
        // The array outlives the calls; the name is gone before anything is in the file.
        let descriptor = unsafe mkstemp(&template)
        guard descriptor >= 0 else { throw OperationError("\(directory): \(SystemError.last)") }
        _ = unsafe unlink(&template)
        return TransferFile("a file in \(directory)", descriptor, isOwn: true)
    }

    /// Whether the path leads to a plain file that begins as an SQLite database does.
    static func isDatabase(_ path: String) throws(OperationError) -> Bool {
        var status = stat()
        // What a pipe gives, it gives once.
        guard unsafe stat(path, &status) == 0, FilePlace.isPlain(status) else { return false }
        // Closed before the database is opened: later, that would drop SQLite's locks on it.
        return try reading(path).read(16) == Array("SQLite format 3\0".utf8)
    }

    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Lets the descriptor be written to.
    func fill(_ body: (Int32) throws -> Void) throws {
        try body(descriptor)
    }

    /// Takes the name of a new file away, unless another file has it by now.
    func remove() {
        if let place, place.isName(of: descriptor) { _ = place.remove("") }
    }

    deinit {
        if isOwn { close(descriptor) }
    }

    /// The length in bytes; 0 for what is no plain file.
    var length: Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return 0 }
        return Int(status.st_size)
    }

    /// The next bytes, at most `count`; none at the end.
    func read(_ count: Int = 256 << 10) throws(OperationError) -> [UInt8] {
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

    func write(_ bytes: [UInt8]) throws(OperationError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // The slice outlives the call, which reads at most its length.
            let count = unsafe rest.withUnsafeBytes {
                unsafe systemWrite(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR || errno == EAGAIN && canWrite() { continue }
            guard count > 0 else { throw OperationError("\(path): \(SystemError.last)") }
            rest = rest.dropFirst(count)
        }
    }

    /// Waits until a pipe has room that another process has set not to wait itself (fcntl(2), O_NONBLOCK).
    private func canWrite() -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        // The structure lives for the call.
        while true {
            let count = unsafe poll(&entry, 1, -1)
            if count >= 0 || errno != EINTR { return count > 0 }
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
        // Pipes and terminals have no disk, and say so (fsync(2), EINVAL).
        if fsync(descriptor) != 0, [EIO, ENOSPC, EDQUOT].contains(errno) {
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
