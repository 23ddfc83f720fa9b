import Glibc
import Synchronization

/// A server whose every byte a test decides: each connection is served on a thread of its own.
package final class RawUpstream: Sendable {
    package let port: Int
    private let listener: Int32
    private let accepted = Journal<Void>()
    private let ended = Journal<Void>()

    /// - Parameter serve: has the socket until it returns.
    package init(_ serve: @escaping @Sendable (Connection) -> Void) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (result, name) = unsafe withUnsafeMutablePointer(to: &address) { [listener] pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe (bind(listener, $0, length), getsockname(listener, $0, &length))
            }
        }
        guard result == 0, name == 0, listen(listener, 128) == 0 else { throw SocketFailure.last }
        port = Int(UInt16(bigEndian: address.sin_port))
        startThread { [listener, accepted, ended] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { break }
                accepted.note(())
                startThread {
                    serve(Connection(descriptor: descriptor))
                    close(descriptor)
                    ended.note(())
                }
            }
            close(listener)
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    package func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    /// How many connections there were.
    package var connections: Int { accepted.entries.count }

    /// Waits until so many connections are over.
    package func waitForEnds(_ count: Int) async throws { try await ended.wait(forCount: count) }

    /// One client's socket.
    package struct Connection {
        fileprivate let descriptor: Int32

        /// Reads a request's head, or what came before the end.
        @discardableResult
        package func readHead() -> String {
            var bytes: [UInt8] = []
            var byte: UInt8 = 0
            while unsafe recv(descriptor, &byte, 1, 0) == 1 {
                bytes.append(byte)
                if bytes.suffix(4) == [13, 10, 13, 10] { break }
            }
            return String(decoding: bytes, as: UTF8.self)
        }

        /// Sends all of it; false when the client has gone.
        @discardableResult
        package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

        @discardableResult
        package func send(_ bytes: [UInt8]) -> Bool {
            var rest = bytes[...]
            while !rest.isEmpty {
                let sent = unsafe rest.withUnsafeBytes {
                    unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard sent > 0 else { return false }
                rest = rest.dropFirst(sent)
            }
            return true
        }

        /// Waits until the client has closed its side.
        package func waitForEnd() {
            var byte: UInt8 = 0
            while unsafe recv(descriptor, &byte, 1, 0) > 0 {}
        }
    }
}
