import CraneSystem

/// A name in a directory that is held open: what a path leads to, and stays with whatever is put into the path's way later.
///
/// Symbolic links are followed on the way, the last one too, so that the name is none. A process of root follows only
/// links of root's: another user's could turn what root writes against any file (CWE-59).
package final class FilePlace {
    /// The absolute path, without links.
    package let path: String
    /// The name in the directory.
    package let name: String
    /// For the calls whose names end in `at`; of a directory that may be searched, if not read.
    package let directory: FileDescriptor

    /// Follows the path; the last name need not be there.
    ///
    /// - Throws: `cannotOpen` when the path leads nowhere or names a directory, and for a link that is not followed.
    package init(_ path: String) throws(DatabaseError) {
        guard !path.utf8.contains(0) else {
            throw DatabaseError(.cannotOpen, message: "a file's name has no NUL in it")
        }
        var walk = try PathWalk(path)
        let name = try walk.followToEnd()
        self.name = name
        self.path = "/" + (walk.names + [name[...]]).joined(separator: "/")
        directory = walk.directory
    }

    /// What is known of the name with this suffix, of a link itself; nil where there is nothing.
    package func status(_ suffix: String = "") -> stat? {
        var status = stat()
        guard unsafe fstatat(directory.number, name + suffix, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            return nil
        }
        return status
    }

    /// Whether it is a file with content of its own: no directory, device, FIFO, socket or link.
    package static func isPlain(_ status: stat) -> Bool {
        status.st_mode & S_IFMT == S_IFREG
    }

    /// Opens the name with this suffix, never through a link.
    package func open(
        _ suffix: String = "", _ flags: Int32, _ mode: mode_t = 0
    ) throws(SystemError) -> FileDescriptor {
        // Without waiting for the other end of a FIFO, and without taking a terminal.
        try directory.open(name + suffix, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, mode: mode)
    }

    /// Whether the name is that of the open file.
    package func isName(of descriptor: BorrowedDescriptor) -> Bool {
        status().map(FileIdentity.init) == FileIdentity(descriptor)
    }

    /// Removes the name with this suffix.
    package func remove(_ suffix: String) throws(SystemError) {
        try SystemError.check(unsafe unlinkat(directory.number, name + suffix, 0))
    }

    /// Gives what has the name with this suffix the name itself: in one step, also in the place of another file.
    func rename(from suffix: String) throws(SystemError) {
        try SystemError.check(unsafe renameat(directory.number, name + suffix, directory.number, name))
    }

    /// As `rename`, but fails with `EEXIST` where the name is taken.
    func renameToNew(from suffix: String) throws(SystemError) {
        do {
            try SystemError.check(unsafe linkat(directory.number, name + suffix, directory.number, name, 0))
            try? remove(suffix)
        } catch {
            // Not every file system has hard links.
            guard [EPERM, ENOTSUP, ENOSYS, EMLINK].contains(error.code) else { throw error }
            guard status() == nil else { throw SystemError(EEXIST) }
            try rename(from: suffix)
        }
    }

    /// Makes sure that the directory's names are on the disk, where it may be read.
    package func sync() {
        // A disk that fails says so when the file itself is synced.
        try? directory.open(".", O_RDONLY).sync()
    }
}

extension DatabaseError {
    /// A call for a file that has failed.
    init(_ kind: Kind, _ error: SystemError, prefix: String = "") {
        self.init(kind, message: "\(prefix)\(error)")
    }
}

/// The steps along a path, from directory to directory.
private struct PathWalk: ~Copyable {
    private(set) var directory: FileDescriptor
    private(set) var names: [Substring]
    /// What is left of the path, the next name last.
    private var rest: [Substring]

    /// To look at a link itself, and to pass a directory that may not be read.
    private static let looking = FileDescriptor.lookingOnly | O_NOFOLLOW

    /// As many as the system follows (path_resolution(7)).
    private static let linkLimit = 40

    init(_ path: String) throws(DatabaseError) {
        if path.isEmpty { throw Self.failure(ENOENT) }
        if path.utf8.last == UInt8(ascii: "/") { throw Self.failure(EISDIR) }
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        directory = try Self.opened(isAbsolute ? "/" : ".")
        names = isAbsolute ? [] : Self.workingDirectory()
        rest = Self.names(of: path[...])
    }

    /// Goes on to the last name and answers it.
    mutating func followToEnd() throws(DatabaseError) -> String {
        var links = 0
        while let name = rest.popLast() {
            if name == ".." {
                _ = names.popLast()
                try enter(name)
            } else if let target = try target(ofLink: name) {
                links += 1
                guard links <= Self.linkLimit else { throw Self.failure(ELOOP) }
                try follow(target)
            } else if rest.isEmpty {
                return String(name)
            } else {
                try enter(name)
                names.append(name)
            }
        }
        throw Self.failure(EISDIR)
    }

    private mutating func enter(_ name: Substring) throws(DatabaseError) {
        do {
            directory = try directory.open(String(name), Self.looking | O_DIRECTORY)
        } catch {
            throw DatabaseError(.cannotOpen, error)
        }
    }

    private mutating func follow(_ target: String) throws(DatabaseError) {
        if target.utf8.first == UInt8(ascii: "/") {
            directory = try Self.opened("/")
            names = []
        }
        rest += Self.names(of: target[...])
    }

    /// Where a link leads; nil for a name that is none, or not there.
    private func target(ofLink name: Substring) throws(DatabaseError) -> String? {
        // The link itself is opened, so that what is read is what was looked at.
        guard let link = try? directory.open(String(name), Self.looking), let status = try? link.status(),
            status.st_mode & S_IFMT == S_IFLNK
        else { return nil }
        if geteuid() == 0, status.st_uid != 0 {
            throw DatabaseError(
                .cannotOpen,
                message:
                    "\(name) is another user's symbolic link, which root does not follow: name the file itself"
            )
        }
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        // The array outlives the call, which writes at most its length.
        let count = unsafe bytes.withUnsafeMutableBytes { room in
            guard let room = unsafe room.assumingMemoryBound(to: CChar.self).baseAddress else { return 0 }
            return unsafe readlinkat(link.number, "", room, Int(PATH_MAX))
        }
        guard count > 0 else { throw Self.failure(count == 0 ? ENOENT : errno) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private static func names(of path: Substring) -> [Substring] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }.filter { $0 != "." }.reversed()
    }

    private static func opened(_ directory: String) throws(DatabaseError) -> FileDescriptor {
        do {
            return try FileDescriptor.open(directory, FileDescriptor.lookingOnly | O_DIRECTORY)
        } catch {
            throw DatabaseError(.cannotOpen, error)
        }
    }

    private static func workingDirectory() -> [Substring] {
        guard let path = unsafe getcwd(nil, 0) else { return [] }
        defer { unsafe free(path) }
        return names(of: Substring(unsafe String(cString: path))).reversed()
    }

    private static func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(.cannotOpen, SystemError(code))
    }
}
