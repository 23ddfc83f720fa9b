import CraneLoop
import Glibc
import TestSupport
import Testing

@Suite("Descriptors of other libraries", .serialized, .timeLimit(.minutes(5)))
struct DescriptorTests {
    @Test("a socket tells that it can be written, and when it can be read, in each turn until it is read")
    func ready() async throws {
        let running = try RunningLoop()
        let sockets = try SocketPair()
        let journal = Journal<DescriptorEvents>()
        let watch = try await running.watch(sockets.near) { journal.note($0) }
        try await running.on { _ in watch.value?.want([.readable, .writable]) }
        try await journal.wait { $0.count >= 2 }
        #expect(Set(journal.entries.map(\.rawValue)) == [DescriptorEvents.writable.rawValue])
        try sockets.send("x")
        try await journal.wait { $0.filter { $0 == [.readable, .writable] }.count >= 2 }
        try await running.on { _ in watch.value?.want(.readable) }
        journal.clear()
        try await journal.wait { $0.count >= 2 }
        #expect(journal.entries.allSatisfy { $0 == .readable })
        #expect(try await running.end() == 0)
    }

    @Test("one that wants nothing hears nothing, and may want again")
    func wantsNothing() async throws {
        let running = try RunningLoop()
        let sockets = try SocketPair()
        let journal = Journal<DescriptorEvents>()
        let watch = try await running.watch(sockets.near) { journal.note($0) }
        try sockets.send("x")
        for _ in 0..<3 { await running.loop.nextTurn() }
        #expect(journal.entries.isEmpty)
        try await running.on { _ in watch.value?.want(.readable) }
        try await journal.wait(forCount: 1)
        try await running.on { _ in
            watch.value?.want([])
            journal.clear()
        }
        for _ in 0..<3 { await running.loop.nextTurn() }
        #expect(journal.entries.isEmpty)
        #expect(try await running.end() == 0)
    }

    @Test("the end and a reset of the peer are told as all that is wanted, time and again")
    func peerEnds() async throws {
        for isReset in [false, true] {
            let running = try RunningLoop()
            let sockets = try SocketPair()
            // Bytes that nobody reads make the close of a Unix socket a reset (unix(7)).
            if isReset { try sockets.fill() }
            let journal = Journal<DescriptorEvents>()
            let watch = try await running.watch(sockets.near) { journal.note($0) }
            try await running.on { _ in watch.value?.want(.readable) }
            sockets.closeFar()
            try await journal.wait(forCount: 3)
            #expect(journal.entries.allSatisfy { $0 == .readable })
            #expect(try await running.end() == 0)
        }
    }

    @Test("a watch may be closed when it is told of something, and its descriptor at once behind it")
    func closeInside() async throws {
        let running = try RunningLoop()
        let sockets = try SocketPair()
        let journal = Journal<DescriptorEvents>()
        let box = try await running.watch(sockets.near) { _ in }
        try await running.on { loop in
            box.value?.close()
            let watch = WatchBox()
            let near = sockets.near
            watch.value = try DescriptorWatch(near, loop: loop) { [unowned watch] events in
                watch.value?.close()
                sockets.closeNear()
                journal.note(events)
            }
            watch.value?.want(.writable)
            box.other = watch
        }
        try await journal.wait(forCount: 1)
        for _ in 0..<3 { await running.loop.nextTurn() }
        #expect(journal.entries == [.writable])
        try await running.on { _ in box.other?.value?.want(.readable) }
        #expect(try await running.end() == 0)
    }

    @Test("what cannot be polled is refused, and so is what is watched already")
    func refusals() async throws {
        let running = try RunningLoop()
        let sockets = try SocketPair()
        let watch = try await running.watch(sockets.near) { _ in }
        try await running.on { _ in watch.value?.want(.readable) }
        await #expect(throws: UVError.self) { try await running.watch(sockets.near) { _ in } }
        await #expect(throws: UVError.self) { try await running.watch(-1) { _ in } }
        let file = unsafe open("/proc/self/exe", O_RDONLY)
        await #expect(throws: UVError.self) { try await running.watch(file) { _ in } }
        close(file)
        #expect(try await running.end() == 0)
    }

    @Test("a timer goes off once each time it is set, and not when it was stopped or closed")
    func timer() async throws {
        let running = try RunningLoop()
        let journal = Journal<String>()
        let timers = TimerBox()
        try await running.on { loop in
            for name in ["set", "stopped", "closed", "late"] {
                timers.values[name] = LoopTimer(loop: loop) { journal.note(name) }
            }
            timers.values["set"]?.set(milliseconds: 3_600_000)
            timers.values["set"]?.set(milliseconds: 1)
            timers.values["stopped"]?.set(milliseconds: 1)
            timers.values["stopped"]?.stop()
            timers.values["closed"]?.set(milliseconds: 1)
            timers.values["closed"]?.close()
            timers.values["closed"]?.set(milliseconds: 0)
            timers.values["late"]?.set(milliseconds: 40)
        }
        #expect(try await journal.wait(forCount: 2) == ["set", "late"])
        try await running.on { _ in timers.values["set"]?.set(milliseconds: 0) }
        #expect(try await journal.wait(forCount: 3) == ["set", "late", "set"])
        #expect(try await running.end() == 0)
    }

    @Test("what lives on a loop is told of its end, unless it has left, and is let in no more")
    func residents() async throws {
        let running = try RunningLoop()
        let journal = Journal<String>()
        try await running.on { loop in
            let leaving = Resident { journal.note("left") }
            let staying = Resident {
                journal.note(loop.isCurrent ? "ended" : "elsewhere")
                if !loop.admit(leaving) { journal.note("refused") }
            }
            #expect(loop.admit(staying) && loop.admit(leaving))
            loop.dismiss(leaving)
        }
        #expect(try await running.end() == 0)
        #expect(journal.entries == ["ended", "refused"])
    }

    @Test("a thread knows its loop, and others know none")
    func current() async throws {
        let running = try RunningLoop()
        #expect(try await running.on { EventLoop.current === $0 })
        #expect(EventLoop.current == nil)
        #expect(try await running.end() == 0)
    }

    @Test("what no loop has asked for shares one loop, on a thread of its own")
    func sharedLoop() async throws {
        let loop = try EventLoop.shared()
        #expect(try EventLoop.shared() === loop)
        let isCurrent = await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: loop.isCurrent) }
        }
        #expect(isCurrent)
        #expect(!loop.isCurrent)
    }
}

/// A watch on its way between threads; used on its loop's alone.
private final class WatchBox: @unchecked Sendable {
    var value: DescriptorWatch?
    var other: WatchBox?
}

private final class Resident: LoopResident {
    private let ended: () -> Void

    init(_ ended: @escaping () -> Void) { self.ended = ended }

    func loopEnds() { ended() }
}

private final class TimerBox: @unchecked Sendable {
    var values: [String: LoopTimer] = [:]
}

extension RunningLoop {
    fileprivate func watch(
        _ descriptor: Int32, _ ready: @escaping @Sendable (DescriptorEvents) -> Void
    ) async throws -> WatchBox {
        try await on { loop in
            let box = WatchBox()
            box.value = try DescriptorWatch(descriptor, loop: loop) { ready($0) }
            return box
        }
    }
}

/// Two sockets that are connected.
private final class SocketPair: @unchecked Sendable {
    private var descriptors: [Int32] = [-1, -1]
    var near: Int32 { descriptors[0] }

    init() throws {
        let result = unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &descriptors)
        guard result == 0 else { throw SocketFailure.last }
    }

    deinit {
        closeNear()
        closeFar()
    }

    func send(_ text: String) throws {
        let sent = unsafe write(descriptors[1], text, text.utf8.count)
        guard sent == text.utf8.count else { throw SocketFailure.last }
    }

    /// Writes from the near end what the far end will not read.
    func fill() throws {
        guard unsafe write(descriptors[0], "x", 1) == 1 else { throw SocketFailure.last }
    }

    func closeNear() { end(0) }
    func closeFar() { end(1) }

    private func end(_ index: Int) {
        if descriptors[index] >= 0 { close(descriptors[index]) }
        descriptors[index] = -1
    }
}
