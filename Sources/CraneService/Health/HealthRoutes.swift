import Crane
import CraneSchema

/// Whether the service lives, and whether it should be sent requests: for supervisors and load balancers.
package struct HealthRoutes: Sendable {
    /// Neither the host check nor the rate limit counts here: a supervisor asks by address, and often.
    package static let paths = ["/healthz", "/readyz"]

    private let readiness: Readiness

    package init(readiness: Readiness) {
        self.readiness = readiness
    }

    package func register(in app: inout App) {
        app.get("/healthz") { _, _ in .json(#"{"status":"alive"}"#) }
        app.get("/readyz") { [readiness] _, _ in
            let state = await readiness.state()
            return .json(
                "{\"status\":\(JSONValue.string(state.text).json)}",
                status: state == .ready ? .ok : .serviceUnavailable)
        }
    }
}
