extension Database {
    /// Where the database is, and how much it may take.
    public struct Configuration: Sendable {
        /// Where the rows live.
        public enum Location: Sendable, Hashable {
            /// In this file, created when it is missing, and a `-wal` and a `-shm` file beside it.
            case file(String)
            /// In memory, until `close`; reads and writes take turns.
            case memory
        }

        /// What an answered write has survived.
        public enum Synchronous: Sendable, Hashable {
            /// A power loss: each commit is on the disk before the response.
            case full
            /// A crash of the process; a power loss can take the last commits.
            case normal
        }

        /// Where the rows live.
        public var location: Location
        /// How many loops have a connection of their own to read by, the server's `workers` at best: those beyond share
        /// the others'.
        ///
        /// One costs next to nothing until it is used.
        public var loopReaders = 256
        /// How many connections the threads share that are no loops: worker threads, and a program's own.
        public var otherReaders = 4
        /// What an answered write has survived.
        public var synchronous = Synchronous.full
        /// How many writes may wait; over it they fail as overloaded.
        public var writeQueueBound = 4096
        /// How long to wait for a lock of another process before giving up.
        public var busyTimeout = Duration.seconds(2)
        /// The length of the WAL at which it is moved into the file.
        public var walBytes = 4 << 20
        /// The page cache of the writing connection, in KiB.
        public var writerCacheKiB = 16384
        /// The page cache of each reading connection, in KiB.
        public var readerCacheKiB = 16384
        /// SQLite's file system, by name, for tests that break it.
        var vfs: String?

        /// The defaults for this location.
        public init(_ location: Location) {
            self.location = location
        }

        var busyMilliseconds: Int32 {
            let (seconds, attoseconds) = busyTimeout.components
            return Int32(
                clamping: seconds.multipliedReportingOverflow(by: 1000).partialValue
                    + attoseconds / 1_000_000_000_000_000)
        }
    }
}
