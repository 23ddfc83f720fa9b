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
    package let directory: Int32

    /// Follows the path; the last name need not be there.
    ///
    /// - Throws: `cannotOpen` when the path leads nowhere or names a directory, and for a link that is not followed.
    package init(_ path: String) throws(DatabaseError) {
        guard !path.utf8.contains(0) else {
            throw DatabaseError(.cannotOpen, message: "a file's name has no NUL in it")
        }
        var walk = try PathWalk(path)
        do {
            name = try walk.followToEnd()
        } catch {
            close(walk.directory)
            throw error
        }
        directory = walk.directory
        self.path = "/" + (walk.names + [name[...]]).joined(separator: "/")
    }

    deinit {
        close(directory)
    }

    /// What is known of the name with this suffix, of a link itself; nil where there is nothing.
    package func status(_ suffix: String = "") -> stat? {
        var status = stat()
        guard unsafe fstatat(directory, name + suffix, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return status
    }

    /// Whether it is a file with content of its own: no directory, device, FIFO, socket or link.
    package static func isPlain(_ status: stat) -> Bool {
        status.st_mode & S_IFMT == S_IFREG
    }

    /// Opens the name with this suffix, never through a link; negative, and `errno` says why, when that fails.
    package func open(_ suffix: String = "", _ flags: Int32, _ mode: mode_t = 0) -> Int32 {
        // Without waiting for the other end of a FIFO, and without taking a terminal.
        let flags = flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
        return unsafe openat(directory, name + suffix, flags, mode)
    }

    /// Whether the name is that of the open file.
    package func isName(of descriptor: Int32) -> Bool {
        status().map(FileIdentity.init) == FileIdentity(descriptor: descriptor)
    }

    /// Removes the name with this suffix; false, and `errno` says why, when that fails.
    package func remove(_ suffix: String) -> Bool {
        unsafe unlinkat(directory, name + suffix, 0) == 0
    }

    /// Gives what has the name with this suffix the name itself: in one step, also in the place of another file.
    func rename(from suffix: String) -> Bool {
        unsafe renameat(directory, name + suffix, directory, name) == 0
    }

    /// As `rename`, but fails with `EEXIST` where the name is taken.
    func renameToNew(from suffix: String) -> Bool {
        if unsafe linkat(directory, name + suffix, directory, name, 0) == 0 {
            _ = remove(suffix)
            return true
        }
        // Not every file system has hard links.
        guard [EPERM, ENOTSUP, ENOSYS, EMLINK].contains(errno) else { return false }
        if status() != nil {
            errno = EEXIST
            return false
        }
        return rename(from: suffix)
    }

    /// Makes sure that the directory's names are on the disk, where it may be read.
    package func sync() {
        let descriptor = unsafe openat(directory, ".", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// The words for the last failed call.
    package static var reason: String {
        // strerror answers a terminated string for every number.
        unsafe String(cString: strerror(errno))
    }
}

/// The steps along a path, from directory to directory.
private struct PathWalk {
    private(set) var directory: Int32
    private(set) var names: [Substring] = []
    /// What is left of the path, the next name last.
    private var rest: [Substring]
    private var links = 0

    // O_PATH, which the imported headers leave out: to look at a link itself, and to pass a directory that may not be read.
    private static let looking: Int32 = 0o10000000

    /// As many as the system follows (path_resolution(7)).
    private static let linkLimit = 40

    init(_ path: String) throws(DatabaseError) {
        if path.isEmpty { throw Self.failure(ENOENT) }
        if path.utf8.last == UInt8(ascii: "/") { throw Self.failure(EISDIR) }
        rest = Self.names(of: path[...])
        directory = try Self.opened(path.utf8.first == UInt8(ascii: "/") ? "/" : ".")
        if path.utf8.first != UInt8(ascii: "/") { names = Self.workingDirectory() }
    }

    /// Goes on to the last name and answers it.
    mutating func followToEnd() throws(DatabaseError) -> String {
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
        let next = unsafe openat(
            directory, String(name), Self.looking | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard next >= 0 else { throw Self.failure(errno) }
        close(directory)
        directory = next
    }

    private mutating func follow(_ target: String) throws(DatabaseError) {
        if target.utf8.first == UInt8(ascii: "/") {
            let root = try Self.opened("/")
            close(directory)
            directory = root
            names = []
        }
        rest += Self.names(of: target[...])
    }

    /// Where a link leads; nil for a name that is none, or not there.
    private func target(ofLink name: Substring) throws(DatabaseError) -> String? {
        // The link itself is opened, so that what is read is what was looked at.
        let link = unsafe openat(directory, String(name), Self.looking | O_NOFOLLOW | O_CLOEXEC)
        guard link >= 0 else { return nil }
        defer { close(link) }
        var status = stat()
        guard unsafe fstat(link, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return nil }
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
            return unsafe readlinkat(link, "", room, Int(PATH_MAX))
        }
        guard count > 0 else { throw Self.failure(count == 0 ? ENOENT : errno) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private static func names(of path: Substring) -> [Substring] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }.filter { $0 != "." }.reversed()
    }

    private static func opened(_ directory: String) throws(DatabaseError) -> Int32 {
        let descriptor = unsafe open(directory, looking | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DatabaseError(.cannotOpen, message: FilePlace.reason) }
        return descriptor
    }

    private static func workingDirectory() -> [Substring] {
        guard let path = unsafe getcwd(nil, 0) else { return [] }
        defer { unsafe free(path) }
        return names(of: Substring(unsafe String(cString: path))).reversed()
    }

    private static func failure(_ code: Int32) -> DatabaseError {
        errno = code
        return DatabaseError(.cannotOpen, message: FilePlace.reason)
    }
}
