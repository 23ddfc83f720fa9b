import CraneHTTP
import HTTPTypes
import Testing

@Suite("What a server holds and counts")
struct ServerLoadTests {
    @Test("a budget counts what is held beyond a page, and says when it is too much")
    func budget() {
        let budget = MemoryBudget(bound: 100_000)
        var (first, second) = (0, 0)
        #expect(budget.count(4096, insteadOf: &first))
        #expect(budget.held == 0)
        #expect(budget.count(60_000, insteadOf: &first))
        #expect(!budget.count(60_000, insteadOf: &second))
        #expect(budget.isFull)
        // Less is never too much.
        #expect(budget.count(50_000, insteadOf: &second))
        #expect(budget.count(0, insteadOf: &second))
        #expect(budget.count(0, insteadOf: &first))
        #expect(budget.held == 0)
        // Nor is one alone.
        #expect(budget.count(200_000, insteadOf: &first))
        #expect(!budget.count(5000, insteadOf: &second))
    }

    @Test("connections are counted by IPv4 address, and by /64 of IPv6")
    func addresses() throws {
        let load = ServerLoad()
        let near = try #require(IPAddress("2001:db8::1"))
        let same = try #require(IPAddress("2001:db8::ffff:2"))
        let far = try #require(IPAddress("2001:db8:0:1::1"))
        let v4 = try #require(IPAddress("192.0.2.1"))
        let other = try #require(IPAddress("192.0.2.2"))
        #expect([near, same, far, v4, other].map { load.enter($0) } == [1, 2, 1, 1, 1])
        load.leave(same)
        #expect(load.enter(near) == 2)
    }

    @Test(
        "a status that was made by its number has the registered phrase",
        arguments: [(414, "URI Too Long"), (200, "OK"), (431, "Request Header Fields Too Large"), (599, "")])
    func phrase(code: Int, expected: String) {
        #expect(HTTPResponse.Status(code: code).phrase == expected)
        #expect(HTTPResponse.Status(code: code, reasonPhrase: "Own").phrase == "Own")
    }
}
