/// How long a connection may take, in milliseconds, and how much must come or go meanwhile, in bytes.
///
/// An object, so that an event is told with one word of it.
package final class ConnectionTerms: Sendable {
    /// From the first byte of a head (or the opening) to its end.
    let head: UInt64
    let idle: UInt64
    /// A handler waits for the body that long at a time, in which so much must come.
    let body: UInt64
    let bodyBytes: UInt64
    /// Output waits that long at a time, in which the client must take so much.
    let write: UInt64
    let writeBytes: Int
    /// A handler may write nothing to a client that has ended its side.
    let halfClose: UInt64
    /// The handler of another protocol may go on when the connection has ended.
    let tidying: UInt64
    /// A client may send behind its last response: without a byte, in all, and so much.
    let lingerSilence: UInt64
    let linger: UInt64
    let lingerBytes: Int

    /// A half-closed connection is looked at that often.
    let probe: UInt64 = 1000
    /// In all, where many may come or nobody may be waited for: connections too many, and a shutdown.
    let shortLinger: UInt64 = 1000
    /// What is on its way at the begin of a shutdown: on a new connection, and on one that has been served within `recent`.
    let freshDrain: UInt64 = 1000
    let idleDrain: UInt64 = 500
    let recent: UInt64 = 1000

    /// - Parameters:
    ///   - bodyRate: bytes a second that a body must bring.
    ///   - writeRate: bytes a second that a client must take; one in a term at least.
    package init(
        head: UInt64 = 10_000, idle: UInt64 = 75_000, body: UInt64 = 5000, bodyRate: Int = 256,
        write: UInt64 = 30_000, writeRate: Int = 1024, halfClose: UInt64 = 30_000, tidying: UInt64 = 1000,
        lingerSilence: UInt64 = 5000, linger: UInt64 = 30_000, lingerBytes: Int = 256 << 20
    ) {
        self.head = head
        self.idle = idle
        self.body = body
        bodyBytes = body * UInt64(max(0, bodyRate)) / 1000
        self.write = write
        writeBytes = max(1, Int(clamping: write * UInt64(max(0, writeRate)) / 1000))
        self.halfClose = halfClose
        self.tidying = tidying
        self.lingerSilence = lingerSilence
        self.linger = linger
        self.lingerBytes = lingerBytes
    }
}
