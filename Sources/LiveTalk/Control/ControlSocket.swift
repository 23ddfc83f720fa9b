import CraneLoop
import CraneService
import CraneSystem
import Logging

/// Where commands reach the running service: a Unix socket for its owner alone, served one request at a time on a thread of its own.
///
/// A request is all that is sent before the sending side is shut down, a response all that comes then; each wait has its bound.
final class ControlSocket: @unchecked Sendable {
    private static let patience = Duration.seconds(5)
    private static let limit = 64 << 10

    private let socket: FileDescriptor
    /// Removed with the socket, unless another has taken its place.
    private let file: SocketFile?
    private let answer: @Sendable ([UInt8]) -> [UInt8]
    // Set by `init` alone.
    private var thread: SystemThread?

    /// Listens at the path.
    ///
    /// - Throws: what keeps it from that, a service that listens there for instance.
    init(path: String, answer: @escaping @Sendable ([UInt8]) -> [UInt8]) throws {
        let listening = try ListeningSocket.bind(unixPath: path, mode: 0o600)
        file = listening.file
        socket = try FileDescriptor(listening.release())
        self.answer = answer
        // Its thread waits in accept(2).
        try SystemError.check(fcntl(socket.number, F_SETFL, 0))
        thread = try SystemThread("control", signals: false) { [unowned self] in serve() }
    }

    /// The socket of a service with these settings; without one it answers all the same, and commands say that the database is in use.
    static func opened(for settings: Settings, _ users: SQLiteUserStore, logger: Logger) -> ControlSocket? {
        guard let path = settings.controlSocket(environment: ProcessEnvironment.variables()) else {
            return nil
        }
        let service = ControlService(users: users)
        do {
            return try ControlSocket(path: path) { service.answer($0) }
        } catch {
            logger.warning("no control socket at \(path): \(error)")
            return nil
        }
    }

    /// Ends when nothing is under way any more.
    func close() {
        // A thread that waits in accept(2) is woken by it (shutdown(2)).
        shutdown(socket.number, Int32(SHUT_RDWR))
        thread?.join()
        thread = nil
    }

    private func serve() {
        while true {
            do throws(SystemError) {
                serve(try socket.accept())
            } catch {
                // Shut down, or out of descriptors: those who come then are refused.
                if error.code != EMFILE, error.code != ENFILE, error.code != ECONNABORTED { return }
                usleep(100_000)
            }
        }
    }

    private func serve(_ client: borrowing FileDescriptor) {
        client.setPatience(Self.patience)
        guard let request = try? client.readToEnd(limit: Self.limit) ?? nil, !request.isEmpty else { return }
        var rest = answer(request)[...]
        while !rest.isEmpty, let sent = try? client.send(rest) { rest = rest.dropFirst(sent) }
    }
}
