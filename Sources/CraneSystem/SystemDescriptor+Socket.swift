extension FileDescriptor {
    /// A socket that programs which this one starts do not get (socket(2)).
    package static func socket(
        _ family: Int32, _ kind: __socket_type, flags: __socket_type = __socket_type(0)
    ) throws(SystemError) -> FileDescriptor {
        let kind = kind.rawValue | SOCK_CLOEXEC.rawValue | flags.rawValue
        return try FileDescriptor(Glibc.socket(family, Int32(kind), 0))
    }
}

extension SystemDescriptor where Self: ~Copyable {
    package func bind(to address: UnixAddress) throws(SystemError) {
        // The address outlives the call.
        try SystemError.check(unsafe address.withPointer { unsafe Glibc.bind(number, $0, $1) })
    }

    package func connect(to address: UnixAddress) throws(SystemError) {
        // The address outlives the call.
        try SystemError.check(unsafe address.withPointer { unsafe Glibc.connect(number, $0, $1) })
    }

    /// The next connection to a socket that listens, which programs that this one starts do not get (accept(2)).
    package func accept() throws(SystemError) -> FileDescriptor {
        let number = number
        let client = try FileDescriptor(SystemError.retrying { Glibc.accept(number, nil, nil) })
        _ = fcntl(client.number, F_SETFD, FD_CLOEXEC)
        return client
    }

    /// Sends bytes, to `address` where the socket has no other end yet; returns how many were taken. No SIGPIPE is raised.
    @discardableResult
    package func send(
        _ bytes: ArraySlice<UInt8>, to address: UnixAddress? = nil
    ) throws(SystemError) -> Int {
        let number = number
        return try SystemError.retrying {
            // The slice and the address outlive the calls.
            unsafe bytes.withUnsafeBytes { bytes in
                guard let address else {
                    return unsafe Glibc.send(number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
                }
                return unsafe address.withPointer {
                    unsafe sendto(number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL), $0, $1)
                }
            }
        }
    }

    package func set(_ option: Int32, of level: Int32 = SOL_SOCKET, to value: Int32) throws(SystemError) {
        var value = value
        let size = socklen_t(MemoryLayout<Int32>.size)
        // The number lives for the call.
        try SystemError.check(unsafe setsockopt(number, level, option, &value, size))
    }

    /// How long calls wait, `SO_RCVTIMEO` or `SO_SNDTIMEO` (socket(7)), which bounds connecting too; not at all for less than a
    /// microsecond.
    package func setPatience(_ duration: Duration, for options: [Int32] = [SO_RCVTIMEO, SO_SNDTIMEO]) {
        let (seconds, attoseconds) = duration.components
        // 0 would be without end.
        let microseconds =
            seconds > 0 ? attoseconds / 1_000_000_000_000 : max(1, attoseconds / 1_000_000_000_000)
        var time = timeval(tv_sec: Int(seconds), tv_usec: Int(microseconds))
        for option in options {
            // The structure lives for the call.
            _ = unsafe setsockopt(number, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
    }
}
