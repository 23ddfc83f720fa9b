import CraneSystem
import Foundation
import Synchronization

/// A program that this one has started, in a process group of its own: what it starts itself ends with it.
final class ChildProcess: Sendable {
    private struct State {
        var status: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    private let id: Int32
    private let state: StateBox

    /// Apart from the child, so that the closure that hears of the end does not keep it.
    private final class StateBox: Sendable {
        let state = Mutex(State())

        func end(_ status: Int32) {
            let waiting = state.withLock { state in
                state.status = status
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume(returning: status) }
        }
    }

    /// Starts a program, found as the shell would find it.
    ///
    /// - Parameters:
    ///   - command: the program and its arguments.
    ///   - output: gets its standard error; its standard output too when `joined`, which is this program's own otherwise.
    init(
        _ command: [String], in folder: URL? = nil, joined: Bool = false,
        output: @escaping @Sendable ([UInt8]) -> Void
    ) throws {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        if let folder { process.currentDirectoryURL = folder }
        process.standardInput = FileHandle.nullDevice
        process.standardError = pipe
        if joined { process.standardOutput = pipe }
        let state = StateBox()
        let (ended, read) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        id = process.processIdentifier
        self.state = state
        let reading = pipe.fileHandleForReading
        Thread.detachNewThread {
            while case let data = reading.availableData, !data.isEmpty { output(Array(data)) }
            read.signal()
        }
        Thread.detachNewThread {
            ended.wait()
            // What it has said is read by then, unless another program holds the pipe.
            _ = read.wait(timeout: .now() + .seconds(1))
            state.end(process.terminationStatus)
        }
    }

    /// Sends a signal to the program and to what it has started; nothing once it has ended.
    func send(_ signal: Int32) {
        state.state.withLock { if $0.status == nil { _ = kill(-id, signal) } }
    }

    /// Waits for the end; the exit status, or the number of the signal that has ended it.
    func status() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// Has it end: by SIGTERM, and by SIGKILL when it takes longer than two seconds.
    func end() async -> Int32 {
        send(SIGTERM)
        let killing = Task {
            try await Task.sleep(for: .seconds(2))
            send(SIGKILL)
        }
        defer { killing.cancel() }
        return await status()
    }
}
