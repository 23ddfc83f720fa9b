import CraneSystem

/// The three descriptors that every process starts with, or should.
package enum StandardStreams {
    /// Opens those that are closed on /dev/null, before a database gets such a number and log lines go into it.
    ///
    /// What is read from or written to a closed one fails as it would have without this; log lines alone may go nowhere.
    package static func prepare() {
        for (descriptor, flags) in [
            (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDWR),
        ]
        where fcntl(descriptor, F_GETFD) == -1 {
            // open(2) gives the lowest free number: this one. The path is a literal.
            _ = unsafe open("/dev/null", flags)
        }
    }

    /// Writes to standard error at once; what cannot be written is lost.
    package static func writeError(_ text: String) {
        try? BorrowedDescriptor.standardError.write(Array(text.utf8))
    }

    /// Writes a line to standard output at once; throws when it cannot be written, whole, since what nobody gets is not done.
    package static func write(_ line: String) throws(StartError) {
        do {
            try BorrowedDescriptor.standardOutput.write(Array((line + "\n").utf8))
        } catch {
            throw StartError("standard output: \(error)")
        }
    }

    /// Reads a line from standard input; on a terminal, after a prompt and without showing what is typed.
    package static func readPassword(prompt: String) -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return readLine() }
        writeError(prompt)
        var shown = termios()
        // The structures live for the calls.
        guard unsafe tcgetattr(STDIN_FILENO, &shown) == 0 else { return readLine() }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer {
            _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            writeError("\n")
        }
        return readLine()
    }
}
