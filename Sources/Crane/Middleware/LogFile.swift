import CraneSystem

/// An open log file, or standard error; closed with its last reference.
final class LogFile: Sendable {
    static let standardError = LogFile(.standardError, file: nil, path: nil)

    private let descriptor: BorrowedDescriptor
    /// Keeps the descriptor open, unless it is another's.
    private let file: FileDescriptor?
    private let path: String?
    /// Bytes handed to one write(2): a pipe that poll(2) calls writable takes this many without waiting (pipe(7)).
    private let chunk: Int

    private init(_ descriptor: BorrowedDescriptor, file: consuming FileDescriptor?, path: String?) {
        self.descriptor = descriptor
        self.file = file
        self.path = path
        let status = try? descriptor.status()
        chunk = status.map { $0.st_mode & S_IFMT == S_IFREG } == true ? .max : 4096
    }

    /// Opens `path` for appending; throws `LogFileError`.
    convenience init(path: String) throws(LogFileError) {
        do {
            let file = try FileDescriptor.open(
                path, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY, mode: 0o640)
            self.init(BorrowedDescriptor(file.number), file: file, path: path)
        } catch {
            throw LogFileError(path: path, code: error.code)
        }
    }

    /// The same path, opened anew; standard error stays what it is.
    func reopened() throws(LogFileError) -> LogFile {
        guard let path else { return self }
        return try LogFile(path: path)
    }

    /// Writes whole lines; returns how many were lost to a full disk, a closed pipe, or a reader that took nothing for
    /// two seconds.
    func write(_ lines: [UInt8]) -> Int {
        var written = 0
        while written < lines.count {
            // What cannot be waited for tells why when it is written to.
            let isWritable = (try? descriptor.wait(for: POLLOUT, milliseconds: 2000)) ?? true
            guard isWritable else { break }
            do {
                written += try descriptor.writeSome(lines[written...].prefix(chunk))
            } catch {
                guard error.code == EAGAIN else { break }
            }
        }
        return lines[written...].count { $0 == UInt8(ascii: "\n") }
    }
}
