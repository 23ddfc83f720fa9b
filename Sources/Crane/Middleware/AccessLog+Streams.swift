import CraneHTTP
import HTTPTypes
import Synchronization

extension AccessLog {
    /// Has the line of a streamed response written when the stream has ended: only then it is known whether it came to its end.
    @inline(never)
    func follow(_ request: Request, _ context: Context, _ response: inout Response) {
        guard case .stream(let length, let held, let write) = response.body.storage else { return }
        let status = response.status.code
        let isWritten = Written()
        response.body = ResponseBody(length: length, holding: held) { writer in
            let counting = CountingWriter(writer)
            var isWhole = false
            isWritten.set()
            defer { self.write(request, context, status, counting.count, isWhole: isWhole) }
            try await write(counting)
            isWhole = !counting.hasFailed && (length ?? counting.count) == counting.count
        }
        let first = response.afterSend
        response.afterSend = {
            await first?()
            // The client had gone before the stream began.
            if !isWritten.set() { self.write(request, context, status, 0, isWhole: false) }
        }
    }

    /// Whether a stream has begun, which writes its line itself.
    private final class Written: Sendable {
        private let isSet = Atomic(false)

        /// Sets it; returns whether it was set before.
        @discardableResult
        func set() -> Bool { isSet.exchange(true, ordering: .relaxed) }
    }
}

/// Counts what is written, and notes a write that failed whatever the producer makes of that.
private final class CountingWriter: ResponseWriter {
    private struct State {
        var count = 0
        var hasFailed = false
    }

    private let writer: any ResponseWriter
    private let state = Mutex(State())

    init(_ writer: any ResponseWriter) { self.writer = writer }

    var count: Int { state.withLock { $0.count } }
    var hasFailed: Bool { state.withLock { $0.hasFailed } }

    func write(_ bytes: [UInt8]) async throws {
        do {
            try await writer.write(bytes)
            state.withLock { $0.count += bytes.count }
        } catch {
            state.withLock { $0.hasFailed = true }
            throw error
        }
    }

    func setTrailers(_ trailers: HTTPFields) { writer.setTrailers(trailers) }
}
