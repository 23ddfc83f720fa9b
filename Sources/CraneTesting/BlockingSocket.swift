#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A connection to this machine for one exchange; each call blocks, for ten seconds at most.
struct BlockingSocket: ~Copyable {
    private let descriptor: Int32

    init(port: UInt16) throws {
        #if canImport(Glibc)
        let kind = Int32(SOCK_STREAM.rawValue)
        #else
        let kind = SOCK_STREAM
        #endif
        descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { throw TestFailure("there is no socket") }
        var bound = timeval(tv_sec: 10, tv_usec: 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        // The structures live for the calls, which read as many bytes as they have.
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            _ = unsafe setsockopt(
                descriptor, SOL_SOCKET, option, &bound, socklen_t(MemoryLayout<timeval>.size))
        }
        let status = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw TestFailure("no connection to port \(port)") }
    }

    deinit { close(descriptor) }

    /// Sends all bytes and reads to the end of the connection.
    func exchange(_ bytes: [UInt8]) throws -> [UInt8] {
        var rest = bytes[...]
        while !rest.isEmpty {
            // The slice outlives the call.
            let count = unsafe rest.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, 0) }
            // A server may answer and close before it has read all.
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        var answer: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            // The array outlives the call, which writes at most its length.
            let count = unsafe part.withUnsafeMutableBytes {
                unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            guard count > 0 else { break }
            answer += part.prefix(count)
        }
        return answer
    }
}
