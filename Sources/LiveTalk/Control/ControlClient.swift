import CraneSchema
public import CraneService
import CraneSystem

/// Users and jobs by way of the service that has the database, over its control socket.
public struct ControlClient: UserOperations, JobOperations {
    private let path: String
    /// How long each wait for the service may take: a password is hashed meanwhile.
    private static let patience = Duration.seconds(10)
    private static let limit = 1 << 20

    /// Fails where no service listens: nothing is there, or what one has left that was killed.
    public init?(path: String) throws(StartError) {
        self.path = path
        do {
            _ = try Self.connected(path)
        } catch {
            switch error.code {
            case ENOENT, ECONNREFUSED, ENOTSOCK, ENAMETOOLONG, ENOTDIR: return nil
            default: throw StartError("the control socket \(path): \(error)")
            }
        }
    }

    public func add(_ name: String, password: String, isModerator: Bool) throws(StartError) -> Int {
        let request = ControlRequest(
            action: .addUser, name: name, password: password, isModerator: isModerator)
        guard let id = try answer(to: request).id else { throw broken }
        return id
    }

    public func disable(_ name: String) throws(StartError) {
        _ = try answer(to: ControlRequest(action: .disableUser, name: name))
    }

    public func setModerator(_ name: String, _ isModerator: Bool) throws(StartError) {
        _ = try answer(to: ControlRequest(action: .setModerator, name: name, isModerator: isModerator))
    }

    public func makeToken(
        of name: String, for lifetime: Duration?, show: (String) throws -> Void
    ) throws(StartError) {
        let request = ControlRequest(
            action: .makeToken, name: name, lifetime: lifetime.map { Int($0.components.seconds) })
        guard let token = try answer(to: request).token else { throw broken }
        do { try show(token) } catch {
            throw StartError("the token was made and could not be written: \(error)")
        }
    }

    public func retry(_ id: Int) throws(StartError) {
        _ = try answer(to: ControlRequest(action: .retryJob, job: id))
    }

    public func cancel(_ id: Int) throws(StartError) {
        _ = try answer(to: ControlRequest(action: .cancelJob, job: id))
    }

    public func pause(_ queue: String?) throws(StartError) {
        _ = try answer(to: ControlRequest(action: .pauseJobs, name: queue ?? ""))
    }

    public func resume(_ queue: String?) throws(StartError) {
        _ = try answer(to: ControlRequest(action: .resumeJobs, name: queue ?? ""))
    }

    private var broken: StartError { StartError("the control socket \(path): no answer that can be read") }

    private func answer(to request: ControlRequest) throws(StartError) -> ControlResponse {
        let bytes: [UInt8]
        do {
            let socket = try Self.connected(path)
            var rest = ControlRequest.schema.encode(request)[...]
            while !rest.isEmpty { rest = rest.dropFirst(try socket.send(rest)) }
            try SystemError.check(shutdown(socket.number, Int32(SHUT_WR)))
            bytes = try socket.readToEnd(limit: Self.limit) ?? []
        } catch {
            throw StartError("the control socket \(path): \(error)")
        }
        guard let answer = try? ControlResponse.schema.decode(bytes) else { throw broken }
        if let error = answer.error { throw StartError(error) }
        return answer
    }

    private static func connected(_ path: String) throws(SystemError) -> FileDescriptor {
        let socket = try FileDescriptor.socket(AF_UNIX, SOCK_STREAM)
        socket.setPatience(patience)
        try socket.connect(to: UnixAddress(path: path))
        return socket
    }
}
