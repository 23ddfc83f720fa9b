public import CraneHTTP
import HTTPTypes
import Synchronization

extension Context {
    /// Keeps a dependency's clean-up for the time after the response.
    @usableFromInline
    func cleanUp(_ work: @escaping @Sendable ((any Error)?) async -> Void) {
        changeHooks { $0.cleanUps.append(work) }
    }

    /// The request ends with an error: tasks that the handler has asked for are dropped, clean-ups are told.
    func failed(with error: any Error) {
        guard hasHooks.load(ordering: .relaxed) else { return }
        changeHooks { hooks in
            hooks.tasks = []
            hooks.failure = error
        }
    }

    /// The response of a handler with what inputs wanted changed.
    @inlinable
    func changed(_ response: consuming Response) -> Response {
        if isChanged { return withChanges(response) }
        return response
    }

    /// The same where the response may have to be waited for.
    @inlinable
    func changed(_ response: consuming EventualResponse) -> EventualResponse {
        // Whoever may change it later has taken a `ResponseInput` by now.
        if !isChanged { return response }
        switch consume response {
        case .ready(let response): return .ready(withChanges(response))
        case .pending(let work): return .pending { self.changed(try await work()) }
        }
    }

    /// Whether an input has changed the response, or may do so.
    @usableFromInline
    var isChanged: Bool { hasHooks.load(ordering: .relaxed) }

    @usableFromInline
    @inline(never)
    func withChanges(_ response: Response) -> Response {
        let changes = changeHooks { $0.changes }
        var response = response
        if let status = changes.status { response.status = status }
        for field in changes.fields { response.headers[field.name] = field.value }
        for cookie in changes.cookies { response.setCookie(cookie) }
        return response
    }

    /// The response with all that is to be done after it.
    @inline(__always)
    func settled(_ response: consuming Response) -> Response {
        if hasHooks.load(ordering: .relaxed) || response.isStreamed { return withHooks(response) }
        return response
    }

    @inline(never)
    private func withHooks(_ response: Response) -> Response {
        var response = response
        if case .stream(let length, let held, let write) = response.body.storage {
            // What writes it may fail, and may ask for tasks.
            response.body = ResponseBody(length: length, holding: held) { writer in
                try await self.reporting { try await write(writer) }
            }
        } else if changeHooks({ $0.tasks.isEmpty && $0.cleanUps.isEmpty }) {
            return response
        }
        let first = response.afterSend
        response.afterSend = {
            await first?()
            await self.finish()
        }
        return response
    }

    /// Writes a response's body; what goes wrong there is what the request ends with.
    private func reporting(_ write: () async throws -> Void) async throws {
        do {
            try await write()
        } catch {
            failed(with: error)
            // Otherwise the client has gone: nothing is wrong here.
            if !(error is CancellationError), !Task.isCancelled {
                logger.error(
                    "an answer's stream failed", metadata: ["error": "\(error)", "route": "\(route ?? "-")"])
            }
            throw error
        }
    }

    /// Does what is left to be done, once; a clean-up may have asked for more.
    func finish() async {
        guard hasHooks.load(ordering: .relaxed) else { return }
        while var hooks = takeHooks() { await hooks.run(in: self) }
    }
}

extension Response {
    var isStreamed: Bool {
        if case .stream = body.storage { true } else { false }
    }
}
