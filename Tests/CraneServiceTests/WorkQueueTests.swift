import Crane
import CraneHTTP
import CraneTesting
import Dispatch
import Synchronization
import Testing

@testable import CraneService

@Suite("Blocking work, few pieces at a time")
struct WorkQueueTests {
    private let loop = InProcessLoop()
    private let client = PeerAddress(ip: IPAddress(v4: 1), port: 1)

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
                group.addTask { [loop, client] in
                    try await queue.run(on: loop, for: client) { place, _ in
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
        await #expect(throws: WorkersBusy.self) { try await queue.run(on: loop, for: client) { _, _ in } }
    }

    @Test("is not waited for by a task that was cancelled, whose turn another takes")
    func cancellation() async throws {
        let queue = WorkQueue(places: 0..<0, waiting: 1)
        for _ in 0..<2 {
            let waiting = Task { [loop, client] in try await queue.run(on: loop, for: client) { _, _ in } }
            while queue.waiting == 0 { await Task.yield() }
            await #expect(throws: WorkersBusy.self) { try await queue.run(on: loop, for: client) { _, _ in } }
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
                try await queue.run(on: loop, for: client) { _, _ in throw HTTPError(.notFound) }
            }
        }
    }

    /// Holds the queue's only place until `gate` is signalled.
    private func hold(_ queue: WorkQueue, _ gate: DispatchSemaphore) async -> Task<Void, any Error> {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let holder = Task { [loop, client] in
            try await queue.run(on: loop, for: client) { _, _ in
                begin.yield()
                gate.wait()
            }
        }
        for await _ in begun { break }
        return holder
    }

    private final class Order: Sendable {
        let addresses = Mutex<[UInt32]>([])
    }

    private func enter(_ queue: WorkQueue, _ address: UInt32, _ order: Order) -> Task<Void, any Error> {
        Task { [loop] in
            let client = PeerAddress(ip: IPAddress(v4: address), port: 1)
            try await queue.run(on: loop, for: client) { _, _ in
                order.addresses.withLock { $0.append(address) }
            }
        }
    }

    @Test("is done for each client in turn, and one that has much waiting keeps nobody out")
    func fairness() async throws {
        let queue = WorkQueue(places: 0..<1, waiting: 4)
        let gate = DispatchSemaphore(value: 0)
        let holder = await hold(queue, gate)
        let order = Order()
        var tasks: [Task<Void, any Error>] = []
        for (count, address) in [UInt32]([1, 1, 1, 1, 2, 3]).enumerated() {
            tasks.append(enter(queue, address, order))
            if count < 4 {
                while queue.waiting <= count { await Task.yield() }
            } else {
                // The newest of the first client makes room.
                await #expect(throws: WorkersBusy.self) { try await tasks[7 - count].value }
            }
        }
        await #expect(throws: WorkersBusy.self) {
            try await queue.run(on: loop, for: PeerAddress(ip: IPAddress(v4: 1), port: 9)) { _, _ in }
        }
        gate.signal()
        try await holder.value
        for index in [0, 1, 4, 5] { try await tasks[index].value }
        #expect(order.addresses.withLock(\.self) == [1, 2, 3, 1])
        #expect(queue.waiting == 0)
    }

    @Test("is refused where it waits when the service ends, but for what was promised")
    func refusedWaiting() async throws {
        let queue = WorkQueue(places: 0..<1, waiting: 4)
        let gate = DispatchSemaphore(value: 0)
        let holder = await hold(queue, gate)
        try queue.promise()
        let promised = Task { [loop, client] in try await queue.runPromised(on: loop, for: client) { _, _ in }
        }
        while queue.waiting < 1 { await Task.yield() }
        let waiting = Task { [loop, client] in try await queue.run(on: loop, for: client) { _, _ in } }
        while queue.waiting < 2 { await Task.yield() }
        queue.refuseWaiting()
        await #expect(throws: WorkersBusy.self) { try await waiting.value }
        await #expect(throws: WorkersBusy.self) { try await queue.run(on: loop, for: client) { _, _ in } }
        #expect(queue.waiting == 1)
        gate.signal()
        try await holder.value
        try await promised.value
        // Nothing has to wait.
        try await queue.run(on: loop, for: client) { _, _ in }
    }

    @Test("hears that nobody waits for it any more")
    func cancellationOfWork() async throws {
        let queue = WorkQueue(places: 0..<1, waiting: 0)
        let (begun, begin) = AsyncStream.makeStream(of: Cancellation.self)
        let gate = DispatchSemaphore(value: 0)
        let work = Task { [loop, client] in
            try await queue.run(on: loop, for: client) { _, cancellation in
                begin.yield(cancellation)
                gate.wait()
                return cancellation.hasHappened
            }
        }
        for await cancellation in begun {
            #expect(!cancellation.hasHappened)
            break
        }
        work.cancel()
        gate.signal()
        #expect(try await work.value)
    }

    @Test("is done when it was promised, and promised only when there is room")
    func promises() async throws {
        let queue = WorkQueue(places: 0..<1, waiting: 2)
        let gate = DispatchSemaphore(value: 0)
        let holder = await hold(queue, gate)
        try queue.promise()
        try queue.promise()
        #expect(throws: WorkersBusy.self) { try queue.promise() }
        await #expect(throws: WorkersBusy.self) { try await queue.run(on: loop, for: client) { _, _ in } }
        gate.signal()
        try await holder.value
        for _ in 0..<2 { try await queue.runPromised(on: loop, for: client) { _, _ in } }
        try queue.promise()
    }
}
