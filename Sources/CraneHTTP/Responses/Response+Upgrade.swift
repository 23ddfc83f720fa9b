package import HTTPTypes

extension Response {
    /// Takes the connection out of HTTP (RFC 9110, section 7.8): `start` has it behind the 101, and gives back the work that runs it, in
    /// a task of the connection's own, until it returns.
    ///
    /// Only for a request that asked for it.
    package static func upgrade(
        to name: String, headers: HTTPFields = HTTPFields(),
        running start: @escaping @Sendable (any UpgradedStream) -> @Sendable () async -> Void
    ) -> Response {
        upgrade(to: name, headers: headers, .task(start))
    }

    /// The same for what needs no task: `start` has the connection on its loop behind the 101, and begins to hear it.
    package static func upgrade(
        to name: String, headers: HTTPFields,
        handingTo start: @escaping @Sendable (any UpgradedStream) -> Void
    ) -> Response {
        upgrade(to: name, headers: headers, .receiver(start))
    }

    private static func upgrade(
        to name: String, headers: HTTPFields, _ taker: Upgrade.Taker
    ) -> Response {
        var fields: HTTPFields = [.upgrade: name, .connection: "Upgrade"]
        fields.append(contentsOf: headers)
        return Response(
            status: .switchingProtocols, headers: fields,
            body: ResponseBody(storage: .upgrade(Upgrade(taker: taker, isBody: false))))
    }

    /// A response whose body is somebody's who needs no task: `start` has the connection on its loop behind the head, writes the
    /// chunks itself, the last too (none to HTTP/1.0), and ends the connection.
    package static func handOver(
        headers: HTTPFields, to start: @escaping @Sendable (any UpgradedStream) -> Void
    ) -> Response {
        Response(
            headers: headers,
            body: ResponseBody(storage: .upgrade(Upgrade(taker: .receiver(start), isBody: true))))
    }
}

/// What runs a connection that has left HTTP.
@usableFromInline
package struct Upgrade: Sendable {
    package enum Taker: Sendable {
        /// Takes it over, and gives back the work that runs it until it returns: what only the beginning needs is not held by the work.
        case task(@Sendable (any UpgradedStream) -> @Sendable () async -> Void)
        /// Takes it over without a wait.
        case receiver(@Sendable (any UpgradedStream) -> Void)
    }

    package let taker: Taker
    /// Whether what it writes is still the response's body.
    package let isBody: Bool
}
