import CraneSchema
import CraneService

/// Does in the running service what commands ask for, on the thread of whoever calls.
struct ControlService: Sendable {
    let users: SQLiteUserStore

    /// Answers one request, both as JSON.
    func answer(_ request: [UInt8]) -> [UInt8] {
        guard let request = try? ControlRequest.schema.decode(request) else {
            return ControlResponse.schema.encode(
                ControlResponse(error: "the service does not know this command: it is of another version"))
        }
        do throws(StartError) {
            return ControlResponse.schema.encode(try answer(request))
        } catch {
            return ControlResponse.schema.encode(ControlResponse(error: error.description))
        }
    }

    private func answer(_ request: ControlRequest) throws(StartError) -> ControlResponse {
        let administration = UserAdministration(users)
        switch request.action {
        case .addUser:
            let id = try administration.add(
                request.name, password: request.password, isModerator: request.isModerator)
            return ControlResponse(id: id)
        case .disableUser:
            try administration.disable(request.name)
            return ControlResponse()
        case .setModerator:
            try administration.setModerator(request.name, request.isModerator)
            return ControlResponse()
        case .makeToken:
            var token: String?
            try administration.makeToken(of: request.name, for: request.lifetime.map { .seconds($0) }) {
                token = $0
            }
            return ControlResponse(token: token)
        case .retryJob, .cancelJob, .pauseJobs, .resumeJobs:
            try answer(request, by: JobAdministration(users.database))
            return ControlResponse()
        }
    }

    private func answer(_ request: ControlRequest, by jobs: JobAdministration) throws(StartError) {
        let queue = request.name.isEmpty ? nil : request.name
        switch (request.action, request.job) {
        case (.retryJob, let id?): try jobs.retry(id)
        case (.cancelJob, let id?): try jobs.cancel(id)
        case (.pauseJobs, nil): try jobs.pause(queue)
        case (.resumeJobs, nil): try jobs.resume(queue)
        default: throw StartError("the service does not know this command: it is of another version")
        }
    }
}
