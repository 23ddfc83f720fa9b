import CraneSQLite
import CraneSystem

/// A file that comments are written to or read from, in pieces; standard input or output for the path `-`.
final class TransferFile {
    let path: String
    private let descriptor: BorrowedDescriptor
    /// Keeps the descriptor open, unless it is another's.
    private let file: FileDescriptor?
    /// Where a new file has its name.
    private let place: FilePlace?

    private init(_ path: String, _ file: consuming FileDescriptor, place: FilePlace? = nil) {
        self.path = path
        descriptor = BorrowedDescriptor(file.number)
        self.file = consume file
        self.place = place
    }

    /// A file that somebody else has open.
    init(_ path: String, open descriptor: BorrowedDescriptor) {
        self.path = path
        self.descriptor = descriptor
        file = nil
        place = nil
    }

    static func reading(_ path: String) throws(OperationError) -> TransferFile {
        if path == "-" { return TransferFile("standard input", open: .standardInput) }
        return try failing(path) { () throws(SystemError) in
            TransferFile(path, try FileDescriptor.open(path, O_RDONLY))
        }
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
            let file = try place.open("", O_RDWR | O_CREAT | (continuing ? 0 : O_EXCL), mode)
            return TransferFile(path, file, place: place)
        } catch let error as SystemError where error.code == EEXIST {
            throw OperationError("\(path) exists already: --resume continues it, --replace writes it anew")
        } catch {
            throw OperationError(error, at: path)
        }
    }

    static func standardOutput() -> TransferFile {
        TransferFile("standard output", open: .standardOutput)
    }

    /// A file without a name, in `TMPDIR` or else `/tmp`, that goes when it is closed.
    static func temporary() throws(OperationError) -> TransferFile {
        let directory = FileDescriptor.temporaryDirectory
        return try failing(directory) { () throws(SystemError) in
            TransferFile("a file in \(directory)", try FileDescriptor.temporary(in: directory))
        }
    }

    /// Whether the path leads to a plain file that begins as an SQLite database does.
    static func isDatabase(_ path: String) throws(OperationError) -> Bool {
        var status = stat()
        // What a pipe gives, it gives once.
        guard unsafe stat(path, &status) == 0, FilePlace.isPlain(status) else { return false }
        // Closed before the database is opened: later, that would drop SQLite's locks on it.
        return try reading(path).read(16) == Array("SQLite format 3\0".utf8)
    }

    var isTerminal: Bool { descriptor.isTerminal }

    /// Lets the descriptor be written to.
    func fill(_ body: (Int32) throws -> Void) throws {
        try body(descriptor.number)
    }

    /// Takes the name of a new file away, unless another file has it by now.
    func remove() {
        if let place, place.isName(of: descriptor) { try? place.remove("") }
    }

    /// The length in bytes; 0 for what is no plain file.
    var length: Int { (try? descriptor.status()).map { Int($0.st_size) } ?? 0 }

    /// The next bytes, at most `count`; none at the end.
    func read(_ count: Int = 256 << 10) throws(OperationError) -> [UInt8] {
        try failing { () throws(SystemError) in try descriptor.read(count) }
    }

    func write(_ bytes: [UInt8]) throws(OperationError) {
        try failing { () throws(SystemError) in try descriptor.write(bytes) }
    }

    func move(to offset: Int) throws(OperationError) {
        try failing { () throws(SystemError) in try descriptor.move(to: offset) }
    }

    /// Drops all from `offset` on and goes on there.
    func cut(at offset: Int) throws(OperationError) {
        try failing { () throws(SystemError) in
            try descriptor.cut(at: offset)
            try descriptor.move(to: offset)
        }
    }

    /// Makes sure that what was written is on the disk.
    func sync() throws(OperationError) {
        try failing { () throws(SystemError) in
            do throws(SystemError) {
                try descriptor.sync()
            } catch  where [EIO, ENOSPC, EDQUOT].contains(error.code) {
                throw error
            } catch {
                // Pipes and terminals have no disk, and say so (fsync(2), EINVAL).
            }
        }
    }

    private func failing<Value>(_ body: () throws(SystemError) -> Value) throws(OperationError) -> Value {
        try Self.failing(path, body)
    }

    /// Makes calls that concern the path, which their errors then name.
    private static func failing<Value>(
        _ path: String, _ body: () throws(SystemError) -> Value
    ) throws(OperationError) -> Value {
        do { return try body() } catch { throw OperationError("\(path): \(error)") }
    }
}
