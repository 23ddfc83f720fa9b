import HTTPTypes
import Synchronization
import Testing

@testable import CraneHTTP

@Suite("A message's body")
struct RequestBodyTests {
    /// Gives parts that are there already, then ends or fails.
    private final class Parts: RequestBodySource {
        private let parts: Mutex<[[UInt8]]>
        private let failure: RequestBodyError?
        let expectedLength: UInt64?
        let trailers: HTTPFields = [.eTag: "x"]

        init(_ parts: [[UInt8]], expectedLength: UInt64? = nil, failure: RequestBodyError? = nil) {
            self.parts = Mutex(parts)
            self.expectedLength = expectedLength
            self.failure = failure
        }

        func next() async throws -> [UInt8]? {
            let part = parts.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            if part == nil, let failure { throw failure }
            return part
        }
    }

    @Test("that is here is collected as it is")
    func whole() async throws {
        #expect(try await RequestBody([1, 2, 3]).collect() == [1, 2, 3])
        #expect(try await RequestBody([1, 2, 3]).collect(upTo: 3) == [1, 2, 3])
        #expect(try await RequestBody.empty.collect(upTo: 0).isEmpty)
        await #expect(throws: RequestBodyError.tooLarge) {
            try await RequestBody([1, 2, 3]).collect(upTo: 2)
        }
    }

    @Test("that arrives is collected part by part, up to the limit")
    func arriving() async throws {
        #expect(try await RequestBody(source: Parts([[1], [], [2, 3]])).collect() == [1, 2, 3])
        await #expect(throws: RequestBodyError.tooLarge) {
            try await RequestBody(source: Parts([[1, 2], [3, 4]])).collect(upTo: 3)
        }
        await #expect(throws: RequestBodyError.tooLarge) {
            try await RequestBody(source: Parts([], expectedLength: 4)).collect(upTo: 3)
        }
        await #expect(throws: RequestBodyError.aborted) {
            try await RequestBody(source: Parts([[1]], failure: .aborted)).collect()
        }
    }

    @Test("is a sequence of parts")
    func sequence() async throws {
        for body in [RequestBody([1, 2, 3]), RequestBody(source: Parts([[1, 2], [3]]))] {
            var all: [UInt8] = []
            for try await part in body { all += part }
            #expect(all == [1, 2, 3])
        }
        for try await _ in RequestBody.empty { Issue.record("a part of nothing") }
    }

    @Test("has trailers only when it arrived in chunks")
    func trailers() {
        #expect(RequestBody([1]).trailers.isEmpty)
        #expect(RequestBody(source: Parts([])).trailers[.eTag] == "x")
    }

    @Test("of a response knows its length in bytes")
    func lengths() {
        #expect(ResponseBody("h\u{E9}").length == 3)
        #expect(ResponseBody([1, 2] as [UInt8]).length == 2)
        #expect(ResponseBody(length: 7) { _ in }.length == 7)
        #expect(ResponseBody { _ in }.length == nil)
    }
}
