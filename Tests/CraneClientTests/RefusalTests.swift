import Crane
import CraneClient
import CraneHTTP
import CraneTesting
import Foundation
import TestSupport
import Testing

@Suite("Other servers that cannot be trusted", .timeLimit(.minutes(5)))
struct RefusalTests {
    @Test(
        "no address but a public one is connected to, however it is written",
        arguments: [
            "127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[::127.0.0.1]", "0.0.0.0", "[::]", "169.254.169.254",
            "10.0.0.1", "192.168.1.1", "172.31.0.1", "100.64.0.1", "[fe80::1]", "[fc00::1]", "[ff02::1]",
            "[2002:7f00:1::]", "224.0.0.1", "255.255.255.255",
        ])
    func privateAddresses(host: String) async throws {
        let upstream = try RawUpstream { _ in }
        let http = HTTPClient()
        await #expect(code { try await http.get("http://\(host):\(upstream.port)/") } == .addressRefused)
        #expect(upstream.connections == 0)
    }

    @Test("addresses of the public internet are told from all others")
    func addresses() throws {
        for text in [
            "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1", "192.0.1.1",
            "198.17.0.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111", "2001:4860::8888",
            "64:ff9b::8.8.8.8", "::ffff:8.8.8.8",
        ] { #expect(try #require(IPAddress(text)).isPublic, "\(text)") }
        for text in [
            "0.0.0.0", "10.255.255.255", "100.64.0.0", "127.255.255.255", "169.254.0.1", "172.16.0.0",
            "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.0", "198.18.0.0", "198.19.255.255",
            "198.51.100.1", "203.0.113.1", "224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.255",
            "::", "::1", "::8.8.8.8", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1",
            "2001::1", "2001:10::1", "2001:db8::1", "2002:808:808::", "3fff::1", "4000::1", "5f00::1",
            "fc00::1", "fdff::1", "fe80::1", "fec0::1", "ff02::1",
        ] { #expect(!(try #require(IPAddress(text)).isPublic), "\(text)") }
        #expect(throws: NetworkError.self) { try AllowedAddresses(publicAnd: ["10.0.0.0/33"]) }
    }

    @Test("nobody who listens is told from one who says nothing, and both by origin alone")
    func silence() async throws {
        let listening = try RawUpstream { $0.waitForEnd() }
        let http = try localClient { $0.timeout = .milliseconds(80) }
        await #expect(code { try await http.get(listening.url()) } == .timedOut)
        let gone = try RawUpstream { _ in }.port
        do {
            _ = try await http.get(
                "http://name:password@127.0.0.1:\(gone)/secret?key=secret", timeout: .seconds(60))
            Issue.record("connected to nobody")
        } catch let error as HTTPClientError {
            #expect(error.code == .couldNotConnect && error.origin == "http://127.0.0.1:\(gone)")
            #expect(!"\(error)".contains("secret") && !"\(error)".contains("password"))
        }
    }

    @Test("a name that leads nowhere is told")
    func noName() async throws {
        // Longer than a label may be: no server of names is asked.
        let name = String(repeating: "a", count: 64) + ".invalid"
        await #expect(code { try await localClient().get("http://\(name)/") } == .couldNotResolve)
    }

    @Test("who drips a head or a body meets the time-out")
    func slowly() async throws {
        for start in ["HTTP/1.1 200 OK\r\nX-Long: ", "HTTP/1.1 200 OK\r\n\r\n"] {
            let upstream = try RawUpstream { connection in
                connection.readHead()
                connection.send(start)
                while connection.send("x") { usleep(5000) }
            }
            let http = try localClient { $0.timeout = .milliseconds(200) }
            await #expect(code { try await http.get(upstream.url()) } == .timedOut)
            try await upstream.waitForEnds(1)
        }
    }

    @Test("a response past the bound is broken off, announced or not, compressed or not, in its head too")
    func tooLarge() async throws {
        let announced = try RawUpstream { connection in
            connection.readHead()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\nx")
            connection.waitForEnd()
        }
        let endless = try RawUpstream { connection in
            connection.readHead()
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "10000\r\n" + String(repeating: "x", count: 65536) + "\r\n"
            while connection.send(chunk) {}
        }
        let head = try RawUpstream { connection in
            connection.readHead()
            connection.send("HTTP/1.1 200 OK\r\n")
            while connection.send("X-Long: " + String(repeating: "x", count: 1000) + "\r\n") {}
        }
        let informational = try RawUpstream { connection in
            connection.readHead()
            while connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n") {}
        }
        // A megabyte of nothing, by zlib's own hand, a thousand times.
        let bomb = try RawUpstream { connection in
            connection.readHead()
            connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n")
            connection.send(gzipOfZeros(megabytes: 64))
        }
        for upstream in [announced, endless, head, informational, bomb] {
            await #expect(code { try await localClient().get(upstream.url()) } == .responseTooLarge)
        }
        let exact = try RawUpstream { connection in
            connection.readHead()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n")
            connection.send([UInt8](repeating: 120, count: 1 << 20))
        }
        #expect(try await localClient().get(exact.url()).body.count == 1 << 20)
    }

    @Test("a compressed body is read as what it was")
    func compressed() async throws {
        let upstream = try RawUpstream { connection in
            #expect(connection.readHead().lowercased().contains("accept-encoding: deflate, gzip"))
            connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n")
            connection.send(gzipOfZeros(megabytes: 1))
        }
        let http = try localClient { $0.maximumResponseSize = 1 << 20 }
        let response = try await http.get(upstream.url())
        #expect(response.body == [UInt8](repeating: 0, count: 1 << 20))
    }

    @Test(
        "what is not HTTP/1.1 is told as such, and so is the end before the end",
        arguments: [
            ("hello\r\n\r\n", HTTPClientError.Code.malformedResponse),
            ("SSH-2.0-x\r\n", .malformedResponse),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", .connectionLost),
            (
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
                .malformedResponse
            ),
            ("", .connectionLost), ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", .connectionLost),
        ])
    func garbage(text: String, expected: HTTPClientError.Code) async throws {
        let upstream = try RawUpstream { connection in
            connection.readHead()
            connection.send(text)
        }
        await #expect(code { try await localClient().get(upstream.url()) } == expected)
    }

    @Test("a redirect is a response, and followed only where the client says so, to addresses that may be")
    func redirects() async throws {
        var app = App()
        app.get("/end") { "here" }
        app.get("/once") { request, context in .redirect(to: "/end") }
        app.get("/loop") { request, context in .redirect(to: "/loop") }
        app.get("/file") { request, context in .redirect(to: "file:///etc/passwd") }
        app.get("/private") { request, context in .redirect(to: "http://10.0.0.1/") }
        app.post("/made") { request, context in .redirect(to: "/end", status: .seeOther) }
        try await withUpstream(app) { base in
            let response = try await localClient().get(base + "/once")
            #expect(response.status == .temporaryRedirect && response.headers[.location] == "/end")
            let http = try localClient { $0.maximumRedirects = 3 }
            let followed = try await http.get(base + "/once")
            #expect(followed.text == "\"here\"" && followed.url == base + "/end")
            #expect(followed.headers[.location] == nil)
            #expect(try await http.post(base + "/made", .text("x")).text == "\"here\"")
            await #expect(code { try await http.get(base + "/loop") } == .tooManyRedirects)
            await #expect(code { try await http.get(base + "/file") } == .invalidURL)
            await #expect(code { try await http.get(base + "/private") } == .addressRefused)
        }
    }

    @Test("a certificate that nobody has signed is refused, and taken where it is the authority")
    func certificates() async throws {
        let server = try await TLSServer()
        let http = try localClient()
        await #expect(code { try await http.get(server.url) } == .tls)
        let trusting = try localClient { $0.certificateAuthorities = server.certificate }
        #expect(try await trusting.get(server.url).status == .ok)
        // The certificate is for the address alone.
        let named = server.url.replacingOccurrences(of: "127.0.0.1", with: "localhost")
        await #expect(code { try await trusting.get(named) } == .tls)
        let lost = try localClient { $0.certificateAuthorities = "/nowhere/at/all.pem" }
        await #expect(code { try await lost.get(server.url) } == .tls)
        let plain = try RawUpstream { connection in
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
        }
        await #expect(code { try await http.get("https://127.0.0.1:\(plain.port)/") } == .tls)
    }

    @Test("a proxy is asked where the client says so, and for any address")
    func proxy() async throws {
        let proxy = try RawUpstream { connection in
            let line = connection.readHead().prefix { $0 != "\r\n" }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(line.utf8.count)\r\n\r\n\(line)")
        }
        let http = HTTPClient(
            {
                var configuration = HTTPClientConfiguration()
                configuration.proxy = proxy.url()
                return configuration
            }())
        #expect(
            try await http.get("http://upstream.invalid/a").text == "GET http://upstream.invalid/a HTTP/1.1")
    }
}

/// So many megabytes of zeros as gzip(1) has them.
private func gzipOfZeros(megabytes: Int) -> [UInt8] {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "head -c \(megabytes << 20) /dev/zero | gzip -9"]
    let pipe = Pipe()
    process.standardOutput = pipe
    guard (try? process.start()) != nil else { return [] }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array(data)
}
