import CraneHTTP
import CraneLoop

extension BindAddress {
    /// Where a socket that somebody else has bound listens.
    fileprivate init?(of socket: borrowing ListeningSocket) {
        guard let address = socket.address else { return nil }
        if let port = address.port, let ip = PeerAddress(address).ip {
            self = .host(ip.description, port: port)
        } else if let path = address.unixPath {
            self = .unix(path)
        } else {
            return nil
        }
    }
}

extension Server {
    /// Gives every loop a listener on `address`.
    static func bind(_ address: BindAddress, to loops: [ServerLoop]) throws(ServerError)
        -> [BindAddress]
    {
        do {
            switch address {
            case .host(let host, let port):
                return try bind(host: host, port: port, to: loops)
            case .unix(let path, let mode):
                try share(ListeningSocket.bind(unixPath: path, mode: UInt32(mode)), among: loops)
                return [address]
            case .descriptor(let descriptor):
                let socket = try ListeningSocket.inherit(descriptor)
                let name = BindAddress(of: socket) ?? address
                try share(socket, among: loops)
                return [name]
            }
        } catch let error as UVError {
            let code: ServerError.Code = error == .addressInUse ? .addressInUse : .cannotBind
            throw ServerError(code: code, description: "cannot listen on \(address): \(error)")
        } catch {
            throw ServerError(code: .cannotBind, description: "cannot listen on \(address): \(error)")
        }
    }

    private static func bind(host: String, port: Int, to loops: [ServerLoop]) throws -> [BindAddress] {
        let addresses = try SocketAddress.resolve(host: host, port: port)
        return [.host(host, port: try bind(addresses, port: port, to: loops))]
    }

    /// Gives every loop a listener on each of a name's addresses, all with one port, which is returned.
    ///
    /// A name may have addresses that this machine has not, such as `::1` where IPv6 is off: those are passed over, unless there
    /// is no other.
    static func bind(_ addresses: [SocketAddress], port: Int, to loops: [ServerLoop]) throws(UVError) -> Int {
        var port = port
        var (isBound, missing) = (false, UVError.invalid)
        for address in addresses {
            do {
                port = try bind(address.withPort(port), to: loops)
                isBound = true
            } catch  where error == .addressNotAvailable || error == .familyNotSupported {
                missing = error
            }
        }
        guard isBound else { throw missing }
        return port
    }

    private static func bind(_ address: SocketAddress, to loops: [ServerLoop]) throws(UVError) -> Int {
        var address = address
        var port = address.port ?? 0
        if loops.count > 1, port != 0 {
            // With SO_REUSEPORT a second server would share the port in silence: ask without it first.
            _ = try ListeningSocket.bind(address, sharesPort: false)
        }
        for loop in loops {
            let socket = try ListeningSocket.bind(address, sharesPort: loops.count > 1)
            port = socket.address?.port ?? port
            address = address.withPort(port)
            try loop.listen(on: socket)
        }
        return port
    }

    /// One socket, a descriptor for each loop.
    private static func share(_ socket: consuming ListeningSocket, among loops: [ServerLoop]) throws {
        for loop in loops.dropFirst() { try loop.listen(on: socket.duplicate()) }
        try loops[0].listen(on: socket)
    }
}
