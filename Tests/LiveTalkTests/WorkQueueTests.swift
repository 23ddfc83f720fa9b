import Crane
import Synchronization
import Testing

@testable import LiveTalk

@Suite("Blocking work, few pieces at a time")
struct WorkQueueTests {
    private let loop = InProcessLoop()

    /// The places where work goes on, and how many those were at most.
    private final class Places: Sendable {
        let now = Mutex<Set<Int>>([])
        let most = Atomic<Int>(0)
    }

    @Test("is done in turn, one piece a place")
    func places() async throws {
        let queue = WorkQueue(places: 3..<5, waiting: 64)
        let places = Places()
        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<64 {
                group.addTask { [loop] in
                    try await queue.run(on: loop) { place in
                        let isNew = places.now.withLock { now in
                            defer { places.most.max(now.count, ordering: .relaxed) }
                            return now.insert(place).inserted
                        }
                        #expect(isNew && (3..<5).contains(place))
                        _ = places.now.withLock { $0.remove(place) }
                        return number
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(values == 2016)
        #expect((1...2).contains(places.most.load(ordering: .relaxed)))
        #expect(queue.waiting == 0)
    }

    @Test("is refused when too many wait")
    func refusal() async throws {
        let queue = WorkQueue(places: 0..<0, waiting: 0)
        await #expect(throws: WorkersBusy.self) { try await queue.run(on: loop) { _ in } }
    }

    @Test("is not waited for by a task that was cancelled, whose turn another takes")
    func cancellation() async throws {
        let queue = WorkQueue(places: 0..<0, waiting: 1)
        for _ in 0..<2 {
            let waiting = Task { [loop] in try await queue.run(on: loop) { _ in } }
            while queue.waiting == 0 { await Task.yield() }
            await #expect(throws: WorkersBusy.self) { try await queue.run(on: loop) { _ in } }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            #expect(queue.waiting == 0)
        }
    }

    @Test("gives its place back when it fails")
    func failure() async throws {
        let queue = WorkQueue(places: 0..<1, waiting: 0)
        for _ in 0..<2 {
            await #expect(throws: HTTPError.self) {
                try await queue.run(on: loop) { _ in throw HTTPError(.notFound) }
            }
        }
    }
}
