extension FileDescriptor {
    /// O_TMPFILE, which the imported headers leave out.
    private static let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY

    /// A new file without a name, which goes when it is closed, unless `link(as:)` has given it one.
    ///
    /// On file systems that have no such files it is one whose name has been removed, and cannot be given one.
    package static func temporary(in directory: String) throws(SystemError) -> FileDescriptor {
        do throws(SystemError) {
            return try open(directory, unnamed | O_RDWR, mode: 0o600)
        } catch  where error.code == EOPNOTSUPP || error.code == EISDIR || error.code == EINVAL {
            var template = Array("\(directory)/crane-XXXXXX".utf8CString)
            // mkstemp(3) puts the name into the array, which outlives the calls.
            let file = try FileDescriptor(unsafe mkstemp(&template))
            _ = fcntl(file.number, F_SETFD, FD_CLOEXEC)
            _ = unsafe unlink(template)
            return file
        }
    }

    /// Gives a file without a name this one (linkat(2)).
    ///
    /// - Throws: EEXIST where something has it; EXDEV for a path of another file system, ENOENT for a file that cannot be named.
    package func link(as path: String) throws(SystemError) {
        guard !path.utf8.contains(0) else { throw SystemError(EINVAL) }
        // The paths are C strings for the length of the call.
        try SystemError.check(
            unsafe linkat(AT_FDCWD, "/proc/self/fd/\(number)", AT_FDCWD, path, AT_SYMLINK_FOLLOW))
    }

    /// Gives the file of one path another one too (link(2)).
    ///
    /// - Throws: EEXIST where something has it.
    package static func link(_ path: String, as other: String) throws(SystemError) {
        guard !path.utf8.contains(0), !other.utf8.contains(0) else { throw SystemError(EINVAL) }
        // The paths are C strings for the length of the call.
        try SystemError.check(unsafe Glibc.link(path, other))
    }

    /// Puts the file of one path in the place of what is at another, in one step (rename(2)).
    package static func rename(_ path: String, to other: String) throws(SystemError) {
        guard !path.utf8.contains(0), !other.utf8.contains(0) else { throw SystemError(EINVAL) }
        // The paths are C strings for the length of the call.
        try SystemError.check(unsafe Glibc.rename(path, other))
    }

    /// Removes a name (unlink(2)).
    package static func remove(_ path: String) throws(SystemError) {
        guard !path.utf8.contains(0) else { throw SystemError(EINVAL) }
        // The path is a C string for the length of the call.
        try SystemError.check(unsafe unlink(path))
    }

    /// Who may read and write the file (fchmod(2)).
    package func setMode(_ mode: mode_t) throws(SystemError) {
        try SystemError.check(fchmod(number, mode))
    }

    /// Where the file is, every symbolic link followed: as the kernel knows it, whatever has been renamed since it was opened.
    package func path() throws(SystemError) -> String {
        var room = [CChar](repeating: 0, count: Int(PATH_MAX))
        // readlink(2) writes no more than there is room for.
        let length = try SystemError.check(
            unsafe readlink("/proc/self/fd/\(number)", &room, room.count))
        return String(decoding: room.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
