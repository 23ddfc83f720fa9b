import CraneHTTP

/// A connection's request, with its response, where something has to be waited for; the connection has the request.
struct WaitingExchange: Sendable {
    enum Step: Sendable {
        /// The response is being made.
        case response(@Sendable () async throws -> Response)
        /// Its head has been written, and so much is left of it.
        case rest(ResponseRest, of: Response)
        /// It has gone, and its request's body has not come.
        case body
    }

    let connection: HTTPConnection
    let step: Step
    /// What the connection has had of this turn.
    let share: TurnShare
}

/// What of an answer is left to be waited for.
enum ResponseRest: Equatable, Sendable {
    case stream(ResponseEncoder.Framing.Body)
    /// As much waits for the client as may.
    case room
}
