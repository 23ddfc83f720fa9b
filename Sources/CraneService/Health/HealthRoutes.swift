import Crane
import CraneSchema

/// Whether the service lives, and whether it should be sent requests: for supervisors and load balancers.
package struct HealthRoutes: Sendable {
    /// Neither the host check nor the rate limit counts here: a supervisor asks by address, and often.
    package static let paths = ["/healthz", "/readyz"]

    /// What is counted; as the others it is asked by address.
    package static let metricsPath = "/metrics"

    private let readiness: Readiness
    private let degradations: @Sendable () -> [String]

    /// - Parameter degradations: what does not work as it should, while the service is ready all the same.
    package init(readiness: Readiness, degradations: @escaping @Sendable () -> [String] = { [] }) {
        self.readiness = readiness
        self.degradations = degradations
    }

    package func register(in app: inout App) {
        app.get("/healthz") { _, _ in .json(#"{"status":"alive"}"#) }
        app.get("/readyz") { [readiness, degradations] _, _ in
            let state = await readiness.state()
            let degraded = degradations().map { JSONValue.string($0).json }.joined(separator: ",")
            return .json(
                "{\"status\":\(JSONValue.string(state.text).json)\(degraded.isEmpty ? "" : ",\"degraded\":[\(degraded)]")}",
                status: state == .ready ? .ok : .serviceUnavailable)
        }
    }
}
