import CranePostgres
import Synchronization
import TestSupport
import Testing

@testable import LiveTalk

@Suite("Batches of writes on PostgreSQL", .timeLimit(.minutes(1)))
struct PostgresBatchesTests {
    private typealias Batches = PostgresBatches<Int, Int>

    @Test("Of a thousand writes each has its own outcome, and no more than two batches are under way at once")
    func manyWrites() async throws {
        let batches = Journal<[Int]>()
        let underWay = Mutex(0)
        let writes = Batches(size: \.bitWidth) { writes throws(PostgresError) in
            batches.note(writes)
            #expect(
                underWay.withLock {
                    $0 += 1
                    return $0
                } <= 2)
            for _ in 0..<8 { await Task.yield() }
            underWay.withLock { $0 -= 1 }
            return writes.map { -$0 }
        }
        try await withThrowingTaskGroup { group in
            for write in 1...1000 {
                group.addTask {
                    let outcome = try await writes.carryOut(write)
                    #expect(outcome == -write)
                }
            }
            try await group.waitForAll()
        }
        #expect(batches.entries.flatMap { $0 }.sorted() == Array(1...1000))
        #expect(batches.entries.allSatisfy { $0.count <= 256 })
        #expect(batches.entries.count < 500)
    }

    @Test("A batch goes while another is under way, once as many wait")
    func twoAtOnce() async throws {
        let (begun, released) = (Journal<[Int]>(), Journal<Int>())
        let writes = Batches(size: \.bitWidth) { writes throws(PostgresError) in
            begun.note(writes)
            _ = try? await released.wait { $0.contains(writes[0]) }
            return writes
        }
        async let first = writes.carryOut(1)
        try await begun.wait(forCount: 1)
        async let second = writes.carryOut(2)
        try await begun.wait(forCount: 2)
        async let third = writes.carryOut(3)
        released.note(2)
        #expect(try await second == 2)
        // Behind the first alone it is due again.
        try await begun.wait(forCount: 3)
        for write in [3, 1] { released.note(write) }
        #expect(try await [first, third] == [1, 3])
        #expect(begun.entries == [[1], [2], [3]])
    }

    @Test("A batch that is refused for one write is carried out without it")
    func oneRefused() async throws {
        let (begun, released) = (Journal<[Int]>(), Journal<Void>())
        let writes = Batches(size: \.bitWidth) { writes throws(PostgresError) in
            begun.note(writes)
            _ = try? await released.wait(forCount: 1)
            if writes.contains(13) { throw PostgresError(.refused, message: "unlucky") }
            return writes
        }
        await withTaskGroup { group in
            for write in 10...20 {
                group.addTask {
                    let outcome = try? await writes.carryOut(write)
                    #expect(outcome == (write == 13 ? nil : write))
                }
            }
            released.note(())
        }
        #expect(begun.entries.contains([13]))
    }

    @Test("More bytes than a batch has room for go with the next one")
    func room() async throws {
        let batches = Journal<[Int]>()
        let writes = Batches(size: \.self) { writes throws(PostgresError) in
            batches.note(writes)
            return writes
        }
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { _ = try await writes.carryOut(400_000) } }
            try await group.waitForAll()
        }
        #expect(batches.entries.allSatisfy { $0.count <= 2 })
        #expect(batches.entries.flatMap { $0 }.count == 20)
    }
}
