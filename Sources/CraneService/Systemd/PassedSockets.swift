import CraneSystem

/// The listening sockets that systemd has opened for this process (sd_listen_fds(3)).
package struct PassedSockets: Sendable {
    /// Their descriptors; empty without socket activation.
    package let descriptors: [Int32]

    /// Reads `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES`, before any other descriptor is opened.
    ///
    /// - Throws: `StartError` for a descriptor on which no stream connections can be accepted.
    package init(environment: [String: String]) throws(StartError) {
        try self.init(environment: environment, first: 3)
    }

    /// - Parameter first: SD_LISTEN_FDS_START.
    init(environment: [String: String], first: Int32) throws(StartError) {
        guard environment["LISTEN_PID"] == String(getpid()), let text = environment["LISTEN_FDS"] else {
            descriptors = []
            return
        }
        guard let count = Int32(text), (0...1024).contains(count) else {
            throw StartError("LISTEN_FDS=\(String(reflecting: text)): expected the number of passed sockets")
        }
        let names = environment["LISTEN_FDNAMES"]?.split(separator: ":", omittingEmptySubsequences: false)
        descriptors = Array(first..<(first + count))
        for (index, descriptor) in descriptors.enumerated() where !Self.accepts(descriptor) {
            let name = names.flatMap { $0.indices.contains(index) ? " (\($0[index]))" : nil } ?? ""
            throw StartError("the passed descriptor \(descriptor)\(name) is not a listening stream socket")
        }
    }

    private static func accepts(_ descriptor: Int32) -> Bool {
        option(SO_TYPE, of: descriptor) == Int32(SOCK_STREAM.rawValue)
            && option(SO_ACCEPTCONN, of: descriptor) == 1
    }

    private static func option(_ option: Int32, of descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        // The pointers live for the call.
        return unsafe getsockopt(descriptor, SOL_SOCKET, option, &value, &length) == 0 ? value : nil
    }
}
