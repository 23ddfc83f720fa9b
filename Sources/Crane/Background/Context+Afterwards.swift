import HTTPTypes
public import HTTPWire
import Synchronization

extension Context {
    /// Keeps a dependency's clean-up for the time after the answer.
    @usableFromInline
    func cleanUp(_ work: @escaping @Sendable ((any Error)?) async -> Void) {
        afterwards { $0.cleanUps.append(work) }
    }

    /// The request ends with an error: tasks that the handler has asked for are dropped, clean-ups are told.
    func failed(with error: any Error) {
        guard hasAfterwards.load(ordering: .relaxed) else { return }
        afterwards { afterwards in
            afterwards.tasks = []
            afterwards.failure = error
        }
    }

    /// The response of a handler with what inputs wanted changed.
    @inlinable
    func changed(_ response: Response) -> Response {
        isChanged ? withChanges(response) : response
    }

    @usableFromInline
    var isChanged: Bool { hasAfterwards.load(ordering: .relaxed) }

    @usableFromInline
    @inline(never)
    func withChanges(_ response: Response) -> Response {
        let changes = afterwards { $0.changes }
        var response = response
        if let status = changes.status { response.status = status }
        for field in changes.fields { response.headers[field.name] = field.value }
        for cookie in changes.cookies { response.setCookie(cookie) }
        return response
    }

    /// The response with all that is to be done after it.
    @inline(__always)
    func settled(_ response: Response) -> Response {
        hasAfterwards.load(ordering: .relaxed) ? withAfterwards(response) : response
    }

    @inline(never)
    private func withAfterwards(_ response: Response) -> Response {
        var response = response
        let isNothing = afterwards { $0.tasks.isEmpty && $0.cleanUps.isEmpty }
        if isNothing { return response }
        let first = response.afterSend
        response.afterSend = {
            await first?()
            await self.finish()
        }
        return response
    }

    /// Does what is left to be done, once.
    func finish() async {
        guard hasAfterwards.load(ordering: .relaxed), var afterwards = takeAfterwards() else { return }
        await afterwards.run(in: self)
    }
}
