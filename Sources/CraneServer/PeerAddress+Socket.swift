import CraneHTTP
import CraneLoop

extension PeerAddress {
    init(_ address: SocketAddress) {
        if let v4 = address.ipv4 {
            self.init(ip: IPAddress(v4: v4.address), port: v4.port)
        } else if let v6 = address.ipv6 {
            self.init(ip: IPAddress(high: v6.high, low: v6.low), port: v6.port)
        } else {
            self = .unixSocket
        }
    }
}
