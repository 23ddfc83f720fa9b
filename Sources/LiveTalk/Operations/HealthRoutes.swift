import Crane

/// Whether the service lives, and whether it should be sent requests: for supervisors and load balancers.
struct HealthRoutes: Sendable {
    /// Neither the host check nor the rate limit counts here: a supervisor asks by address, and often.
    static let paths = ["/healthz", "/readyz"]

    let readiness: Readiness

    func register(in app: inout App) {
        app.get("/healthz") { _, _ in .json(#"{"status":"alive"}"#) }
        app.get("/readyz") { [readiness] _, _ in
            let state = await readiness.state()
            return .json(
                #"{"status":"\#(state.rawValue)"}"#, status: state == .ready ? .ok : .serviceUnavailable)
        }
    }
}
