import CraneHTTP

/// A connection's request, with its response, where something has to be waited for; the connection has the request.
///
/// Loop's thread only, and made for its task. A class, so that the task is given one reference.
final class WaitingExchange: @unchecked Sendable {
    enum Step {
        /// The response is being made.
        case response(@Sendable () async throws -> Response)
        /// Its head has been written, and so much is left of it.
        case rest(ResponseRest, of: Response)
        /// It has gone, and its request's body has not come.
        case body
    }

    let connection: HTTPConnection
    /// Taken when it begins: whatever it holds goes with its end.
    @safe @exclusivity(unchecked) var step: Step?
    /// What the connection has had of this turn.
    let share: TurnShare

    init(_ connection: HTTPConnection, _ step: Step, _ share: TurnShare) {
        self.connection = connection
        self.step = step
        self.share = share
    }

    /// The work that makes the response, where that is waited for.
    @inline(never)
    func takeWork() -> (@Sendable () async throws -> Response)? {
        guard case .response(let work) = step else { return nil }
        step = nil
        return work
    }
}

/// What of a response is left to be waited for.
enum ResponseRest: Equatable {
    case stream(ResponseEncoder.Framing.Body)
    /// As much waits for the client as may.
    case room
}
