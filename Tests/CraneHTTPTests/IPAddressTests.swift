import Testing

@testable import CraneHTTP

@Suite("An IP address")
struct IPAddressTests {
    @Test(
        "prints what it reads",
        arguments: [
            "0.0.0.0", "1.2.3.4", "255.255.255.255", "127.0.0.1", "::", "::1", "1::", "fe80::1",
            "2001:db8::1:2",
            "1:2:3:4:5:6:7:8", "2001:db8:0:1:1:1:1:1", "0:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:0", "1::4:0:0:7:8",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "64:ff9b::102:304", "1:0:0:2::3",
        ])
    func roundTrip(_ text: String) throws {
        #expect(try #require(IPAddress(text)).description == text)
    }

    @Test(
        "prints in canonical form (RFC 5952)",
        arguments: [
            ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"), ("0:0:0:0:0:0:0:0", "::"),
            ("0:0:0:0:0:0:0:1", "::1"), ("FE80::ABCD", "fe80::abcd"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
            ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"), ("::ffff:1.2.3.4", "1.2.3.4"), ("::ffff:102:304", "1.2.3.4"),
            ("::1.2.3.4", "::102:304"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
            ("1::1.2.3.4", "1::102:304"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
            ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
        ])
    func canonical(_ text: String, _ printed: String) throws {
        #expect(try #require(IPAddress(text)).description == printed)
    }

    @Test(
        "is not read from anything else",
        arguments: [
            "", " ", ".", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.1.1.1", "01.2.3.4",
            "1.2.3.00",
            "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4", "1.2.3.a", "0x1.2.3.4", "1.2.3.4444", ":", ":::", ":1", "1:",
            "1:2",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "::1::", "1::2::3",
            "12345::",
            "::g", "::1%eth0", "[::1]", "1:2:3:4:5:6:7::8:9", "::1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8::",
            "::1.2.3",
            "::1.2.3.4.5", "1.2.3.4::", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:1.2.3.4",
            "::256.1.1.1",
            ":1.2.3.4", "1.2.3.4:80", "::ffff:01.2.3.4", "::1.2.3.4.", "\u{661}.2.3.4", "1:::2", "::1:",
        ])
    func refused(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("of IPv4 is the same in its mapped form")
    func mapped() {
        #expect(IPAddress("1.2.3.4") == IPAddress("::ffff:1.2.3.4"))
        #expect(IPAddress("1.2.3.4") == IPAddress(v4: 0x0102_0304))
        #expect(IPAddress("1.2.3.4")?.isIPv4 == true)
        #expect(IPAddress("::1.2.3.4")?.isIPv4 == false)
    }

    @Test("knows loopback of both families")
    func loopback() {
        for text in ["127.0.0.1", "127.255.1.2", "::1", "::ffff:127.0.0.1"] {
            #expect(IPAddress(text)?.isLoopback == true)
        }
        for text in ["128.0.0.1", "::2", "1::1", "::", "0.0.0.0"] {
            #expect(IPAddress(text)?.isLoopback == false)
        }
    }

    @Test("keeps the first bits of a prefix")
    func prefixes() {
        func masked(_ text: String, _ bits: Int) -> String? {
            IPAddress(text)?.masked(toPrefix: bits).description
        }
        #expect(masked("10.1.2.3", 8) == "10.0.0.0")
        #expect(masked("10.1.2.3", 32) == "10.1.2.3")
        #expect(masked("10.1.2.3", 0) == "0.0.0.0")
        #expect(masked("10.1.2.255", 25) == "10.1.2.128")
        #expect(masked("2001:db8:1:2:3:4:5:6", 64) == "2001:db8:1:2::")
        #expect(masked("2001:db8:1:2:3:4:5:6", 48) == "2001:db8:1::")
        #expect(masked("2001:db8:1:2:3:4:5:6", 128) == "2001:db8:1:2:3:4:5:6")
        #expect(masked("2001:db8:1:2:3:4:5:6", 0) == "::")
        #expect(masked("2001:db8:1:2:ffff::", 65) == "2001:db8:1:2:8000::")
    }

    @Test("stands for its subscriber: IPv4 whole, IPv6 by its first 64 bits, Unix sockets all as one")
    func subscribers() throws {
        func subscriber(_ text: String) -> IPAddress? { IPAddress(text)?.subscriber }
        #expect(subscriber("192.0.2.1") == IPAddress("192.0.2.1"))
        #expect(subscriber("::ffff:192.0.2.1") == IPAddress("192.0.2.1"))
        #expect(subscriber("2001:db8:1:2:3:4:5:6") == IPAddress("2001:db8:1:2::"))
        #expect(subscriber("2001:db8:1:3::") != subscriber("2001:db8:1:2::"))
        let address = try #require(IPAddress("2001:db8::1"))
        #expect(PeerAddress(ip: address, port: 7).subscriber == IPAddress("2001:db8::"))
        #expect(PeerAddress.unixSocket.subscriber == PeerAddress(ip: nil, port: 3).subscriber)
    }

    @Test("of any value prints text that reads back")
    func anyValue() {
        var state: UInt64 = 88_172_645_463_325_252
        func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
        for _ in 0..<5000 {
            // Whole groups zeroed at random, so that runs of zeros come up.
            func word() -> UInt64 {
                (0..<4).reduce(0) { word, _ in word << 16 | (next() & 3 == 0 ? next() & 0xFFFF : 0) }
            }
            let address = IPAddress(high: word(), low: word())
            #expect(IPAddress(address.description) == address)
        }
    }
}
