import CraneHTTP
import CraneLoop
import CraneSystem
import HTTPTypes
import Logging

// What no application sees leaves a trace all the same.
extension ServerLoop {
    /// Counts a refusal, and has the application log it as it logs responses.
    func note(_ refusal: Refusal, of request: Request?, from peer: PeerAddress) {
        let status = refusal.response.status.code
        load.countRefusal(status)
        responder.requestWasRefused(request, from: peer, status: status)
    }

    /// A responder has thrown, which an application's never does.
    func response(to error: any Error) -> Response {
        logger.error("a response could not be made", metadata: ["error": "\(error)"])
        return Response(status: .internalServerError)
    }

    /// The system could not give a connection (accept(2)): counted, and told once a second at most.
    func noteFailedAccept(_ error: UVError) {
        load.countFailedAccept()
        if let told = failedAcceptTold, events.now - told < 1000 { return }
        failedAcceptTold = events.now
        logger.warning(
            "connections could not be accepted",
            metadata: ["error": "\(error)", "total": "\(load.failedAccepts)"])
    }

    /// The descriptors that connections may have: all but a few, which files and refusals need.
    ///
    /// libuv closes what it accepts without one left, and says nothing of it.
    static func connectionDescriptors() -> Int32 {
        var limit = rlimit()
        let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(openFiles, &limit) == 0, limit.rlim_cur < 1 << 30 else { return .max }
        let all = Int32(limit.rlim_cur)
        return all - min(64, all / 8)
    }
}
