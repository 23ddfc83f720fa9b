import CraneSchema

/// What a command asks of the running service, one JSON object.
struct ControlRequest: Hashable, Sendable {
    enum Action: String, Sendable, CaseIterable, SchemaRepresentable {
        case addUser = "user add"
        case disableUser = "user disable"
        case makeToken = "user token"
        case setModerator = "user set"
        case retryJob = "jobs retry"
        case cancelJob = "jobs cancel"
        case pauseJobs = "jobs pause"
        case resumeJobs = "jobs resume"

        static let schema = Choice<Action>()
    }

    let action: Action
    /// Of a user, or of a queue; empty for all queues.
    var name = ""
    var password = ""
    var isModerator = false
    /// Seconds that a token is good; `nil` for one that does not expire.
    var lifetime: Int?
    /// A job's id.
    var job: Int?
}

extension ControlRequest: SchemaRepresentable {
    static let schema = Object(ControlRequest.init) {
        Field("action", \.action)
        Field("name", \.name, default: "")
        Field("password", \.password, default: "")
        Field("is_moderator", \.isModerator, default: false)
        Field("lifetime", \.lifetime, default: nil)
        Field("job", \.job, default: nil)
    }
}

/// What the service answers.
struct ControlResponse: Hashable, Sendable {
    /// Why nothing was done, in words for the operator; `nil` when it was.
    var error: String?
    /// The new user.
    var id: Int?
    /// The new token.
    var token: String?
}

extension ControlResponse: SchemaRepresentable {
    static let schema = Object(ControlResponse.init) {
        Field("error", \.error, default: nil)
        Field("id", \.id, default: nil)
        Field("token", \.token, default: nil)
    }
}
