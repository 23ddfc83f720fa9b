/// An open descriptor that this value owns: closed when the value goes, unless it was taken.
package struct FileDescriptor: ~Copyable, SystemDescriptor {
    package let number: Int32

    /// Takes over what a call of the system has given; throws the call's error when it has failed.
    package init(_ number: Int32) throws(SystemError) {
        self.number = try SystemError.check(number)
    }

    deinit {
        // Not again after EINTR: the number may be another's by then (close(2)).
        _ = close(number)
    }

    /// Gives the number to who closes it from now on.
    package consuming func take() -> Int32 {
        let number = number
        discard self
        return number
    }

    /// Opens a path (open(2)); programs that this one starts do not get it.
    ///
    /// - Throws: EINVAL for a path with a NUL, of which the system would take the beginning.
    package static func open(
        _ path: String, _ flags: Int32, mode: mode_t = 0
    ) throws(SystemError) -> FileDescriptor {
        guard !path.utf8.contains(0) else { throw SystemError(EINVAL) }
        // The path is a C string for the length of the call.
        return try FileDescriptor(unsafe Glibc.open(path, flags | O_CLOEXEC, mode))
    }

    /// Opens a name in this directory (openat(2)).
    package func open(
        _ name: String, _ flags: Int32, mode: mode_t = 0
    ) throws(SystemError) -> FileDescriptor {
        guard !name.utf8.contains(0) else { throw SystemError(EINVAL) }
        // The name is a C string for the length of the call.
        return try FileDescriptor(unsafe openat(number, name, flags | O_CLOEXEC, mode))
    }

    /// O_PATH, which the imported headers leave out: the file is looked at and passed through, not read or written.
    package static let lookingOnly: Int32 = 0o10_000_000

    /// Where files without a name are made: `TMPDIR`, or `/tmp`.
    package static let temporaryDirectory: String = {
        // getenv(3) gives a string of the environment, which nobody changes while a server runs.
        guard let name = unsafe getenv("TMPDIR"), unsafe name.pointee != 0 else { return "/tmp" }
        return unsafe String(cString: name)
    }()

    /// Another descriptor of the same opening.
    package func duplicate() throws(SystemError) -> FileDescriptor {
        try FileDescriptor(fcntl(number, F_DUPFD_CLOEXEC, 0))
    }
}
