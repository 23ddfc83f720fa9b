import TestSupport
import Testing

@testable import CraneRESP

@Suite("The Redis protocol's codec")
struct RESPTests {
    private func requests(_ text: String, _ limits: RESPRequestReader.Limits = .init()) -> CommandReading {
        CommandReading([Array(text.utf8)[...]], limits)
    }

    private func words(_ words: String...) -> RESPRequestReader.Request {
        .command(words.map { Array($0.utf8) })
    }

    @Test("reads commands one behind the other, and passes over empty ones")
    func commands() {
        let reading = requests(
            "*1\r\n$4\r\nPING\r\n*0\r\n*-1\r\n*3\r\n$3\r\nSET\r\n$0\r\n\r\n$3\r\na\r\n\r\n*2\r\n$4\r\nLL")
        #expect(reading.requests == [words("PING"), words("SET", "", "a\r\n")])
        #expect(reading.error == nil)
    }

    @Test(
        "refuses what is no command",
        arguments: [
            "PING\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "*1\n", "*\r\n", "*1\r\n:4\r\n", "*1\r\n$-1\r\n",
            "*a\r\n",
            "*1\r\n$4\r\nPINGxx", "*99999999999999999999\r\n", "*9223372036854775807\r\n",
            "*1\r\n$536870913\r\n",
            "*16385\r\n", "\r\n", "*1\r$4\r\n", "*+1\r\n", "*00000000000000000000000000000000001\r\n",
            "$4\r\nPING\r\n",
        ])
    func refused(text: String) {
        let reading = requests(text)
        #expect(reading.requests == [])
        #expect(reading.error != nil)
    }

    @Test("passes over a command that is too long, and takes the next")
    func tooLong() throws {
        let long = String(repeating: "x", count: 100)
        let text = "*3\r\n$5\r\nLPUSH\r\n$100\r\n\(long)\r\n$1\r\na\r\n*1\r\n$4\r\nPING\r\n"
        #expect(requests(text, .init(bytes: 50)).requests == [.tooLong, words("PING")])
        var reader = RESPRequestReader(.init(bytes: 50))
        let head = Array("*2\r\n$5\r\nLPUSH\r\n$500000000\r\n".utf8)
        unsafe head.withUnsafeBytes { unsafe reader.append($0) }
        let block = [UInt8](repeating: 7, count: 1 << 16)
        for _ in 0..<1000 {
            unsafe block.withUnsafeBytes { unsafe reader.append($0) }
            #expect(try reader.next() == nil)
            #expect(reader.held < 1 << 20)
        }
    }

    @Test("writes each value as its version has it")
    func writing() {
        let values: [(RESPValue, String, String)] = [
            (.ok, "+OK\r\n", "+OK\r\n"), (.error("ERR a\r\nb"), "-ERR a  b\r\n", "-ERR a  b\r\n"),
            (.integer(-7), ":-7\r\n", ":-7\r\n"), (.bulk("é"), "$2\r\né\r\n", "$2\r\né\r\n"),
            (.null, "$-1\r\n", "_\r\n"), (.nullArray, "*-1\r\n", "_\r\n"),
            (.array([.integer(1), .null]), "*2\r\n:1\r\n$-1\r\n", "*2\r\n:1\r\n_\r\n"),
            (.map([.bulk("a"), .integer(1)]), "*2\r\n$1\r\na\r\n:1\r\n", "%1\r\n$1\r\na\r\n:1\r\n"),
            (.set([.bulk("a")]), "*1\r\n$1\r\na\r\n", "~1\r\n$1\r\na\r\n"),
            (.push([.bulk("a")]), "*1\r\n$1\r\na\r\n", ">1\r\n$1\r\na\r\n"),
            (.double(1.5), "$3\r\n1.5\r\n", ",1.5\r\n"), (.double(3), "$1\r\n3\r\n", ",3\r\n"),
            (.double(-.infinity), "$4\r\n-inf\r\n", ",-inf\r\n"), (.boolean(true), ":1\r\n", "#t\r\n"),
        ]
        for (value, two, three) in values {
            #expect(RESPInvariants.written([value], .two) == Array(two.utf8))
            #expect(RESPInvariants.written([value], .three) == Array(three.utf8))
        }
    }

    @Test("reads the answers of both versions")
    func answers() {
        let text =
            "+OK\r\n-ERR no\r\n:12\r\n$3\r\na\r\n\r\n$-1\r\n*-1\r\n*0\r\n_\r\n,1.5\r\n#f\r\n(12345678901234567890\r\n"
            + "!5\r\nERR a\r\n=5\r\ntxt:b\r\n*2\r\n%1\r\n+a\r\n~1\r\n:1\r\n>2\r\n$1\r\nm\r\n$1\r\nd\r\n|1\r\n+ttl\r\n:3\r\n:9\r\n"
        let reading = AnswerReading([Array(text.utf8)[...]])
        #expect(reading.error == nil)
        #expect(
            reading.values == [
                .ok, .error("ERR no"), .integer(12), .bulk("a\r\n"), .null, .nullArray, .array([]), .null,
                .double(1.5),
                .boolean(false), .bulk("12345678901234567890"), .error("ERR a"), .bulk("b"),
                .array([.map([.simple("a"), .set([.integer(1)])]), .push([.bulk("m"), .bulk("d")])]),
                .integer(9),
            ])
    }

    @Test(
        "refuses what is no answer",
        arguments: [
            "x\r\n", "\r\n", ":\r\n", ":1.5\r\n", "$-2\r\n", "$99999999999\r\n", "*-2\r\n", "%-1\r\n",
            "*99999999999\r\n",
            "_x\r\n", "#x\r\n", ",x\r\n", ",nanx\r\n", "=3\r\nabc\r\n", "+a\rb\r\n", "+a\n", "$1\r\nab\r\n",
            "|0\r\n",
            String(repeating: "*1\r\n", count: 17),
        ])
    func refusedAnswers(text: String) {
        let reading = AnswerReading([Array(text.utf8)[...]])
        #expect(reading.values == [])
        #expect(reading.error != nil)
    }

    @Test("breaks none of its invariants on the fuzzer's corpus")
    func corpus() throws {
        let inputs = try FuzzCorpus.inputs().filter { "qQpP".utf8.contains($0.first ?? 0) }
        #expect(inputs.count > 50)
        for input in inputs { #expect(RESPInvariants.broken(by: input) == nil, "\(input)") }
    }
}
