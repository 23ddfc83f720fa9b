/// An open file, pipe, terminal or socket by its number; ``FileDescriptor`` closes it in the end, ``BorrowedDescriptor`` does not.
///
/// Calls begin again when a signal interrupts them. Each may block its thread as the descriptor does.
package protocol SystemDescriptor: ~Copyable {
    var number: Int32 { get }
}

extension SystemDescriptor where Self: ~Copyable {
    package func status() throws(SystemError) -> stat {
        var status = stat()
        // The structure lives for the call.
        try SystemError.check(unsafe fstat(number, &status))
        return status
    }

    package var isTerminal: Bool { isatty(number) == 1 }

    /// The next bytes, at most `count`; none at the end (read(2)).
    package func read(_ count: Int) throws(SystemError) -> [UInt8] {
        let number = number
        return try unsafe Self.bytes(count) { room throws(SystemError) in
            // The room outlives the call, which writes at most its length.
            try SystemError.retrying { unsafe Glibc.read(number, room.baseAddress, room.count) }
        }
    }

    /// The bytes from `offset` on, at most `count`; fewer at the end of the file only (pread(2)).
    package func read(_ count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
        let number = number
        return try unsafe Self.bytes(count) { room throws(SystemError) in
            var filled = 0
            while filled < room.count, let start = room.baseAddress {
                let length = try SystemError.retrying {
                    // Behind what is filled there is as much room as is asked for.
                    unsafe pread(number, start + filled, room.count - filled, off_t(offset + filled))
                }
                if length == 0 { break }
                filled += length
            }
            return filled
        }
    }

    /// All bytes to the end; `nil` when there are more than `limit`.
    package func readToEnd(limit: Int) throws(SystemError) -> [UInt8]? {
        var bytes: [UInt8] = []
        while true {
            let part = try read(16 << 10)
            if part.isEmpty { return bytes }
            bytes += part
            if bytes.count > limit { return nil }
        }
    }

    /// How many of the first bytes the system has taken, at once (write(2)).
    package func writeSome(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int {
        let number = number
        return try SystemError.retrying {
            // The slice outlives the call, which reads at most its length.
            unsafe bytes.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
        }
    }

    /// Writes all bytes; waits for a pipe that another process has set not to wait itself (fcntl(2), O_NONBLOCK).
    package func write(_ bytes: [UInt8]) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            do throws(SystemError) {
                let count = try writeSome(rest)
                guard count > 0 else { throw SystemError(EIO) }
                rest = rest.dropFirst(count)
            } catch  where error.code == EAGAIN {
                _ = try wait(for: POLLOUT, milliseconds: -1)
            }
        }
    }

    /// Writes all bytes from `offset` on (pwrite(2)).
    package func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
        let number = number
        var written = 0
        while written < bytes.count {
            let count = try SystemError.retrying {
                // The array outlives the call, and the range is inside it.
                unsafe bytes[written...].withUnsafeBytes {
                    unsafe pwrite(number, $0.baseAddress, $0.count, off_t(offset + written))
                }
            }
            guard count > 0 else { throw SystemError(EIO) }
            written += count
        }
    }

    /// Where the next read or write begins (lseek(2)).
    package func move(to offset: Int) throws(SystemError) {
        try SystemError.check(lseek(number, off_t(offset), SEEK_SET))
    }

    /// Drops all from `offset` on (ftruncate(2)).
    package func cut(at offset: Int) throws(SystemError) {
        try SystemError.check(ftruncate(number, off_t(offset)))
    }

    /// Returns when what was written is on the disk (fsync(2)).
    package func sync() throws(SystemError) {
        try SystemError.check(fsync(number))
    }

    /// Waits for one of `events`, POLLIN and its like, or the end of the connection; false when `milliseconds` have gone, which
    /// are without end when negative (poll(2)).
    package func wait(for events: Int32, milliseconds: Int32) throws(SystemError) -> Bool {
        var entry = pollfd(fd: number, events: Int16(events), revents: 0)
        // The structure lives for the calls.
        return try SystemError.retrying { unsafe poll(&entry, 1, milliseconds) } > 0
    }

    /// Bytes that `fill` puts into room for `count`; it returns how many.
    private static func bytes(
        _ count: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) throws(SystemError) -> Int
    ) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        // `filled` counts what was written.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            do throws(SystemError) { filled = try unsafe fill(room) } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }
}

/// A descriptor that somebody else closes, and not before the last use of this.
package struct BorrowedDescriptor: SystemDescriptor {
    package static let standardInput = BorrowedDescriptor(STDIN_FILENO)
    package static let standardOutput = BorrowedDescriptor(STDOUT_FILENO)
    package static let standardError = BorrowedDescriptor(STDERR_FILENO)

    package let number: Int32

    package init(_ number: Int32) {
        self.number = number
    }
}
