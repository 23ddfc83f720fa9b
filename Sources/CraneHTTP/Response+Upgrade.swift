package import HTTPTypes

extension Response {
    /// Takes the connection out of HTTP (RFC 9110, section 7.8): `run` has it after the 101, in the connection's task, until
    /// it returns.
    ///
    /// Only for a request that asked for it.
    package static func upgrade(
        to name: String, headers: HTTPFields = HTTPFields(),
        _ run: @escaping @Sendable (any UpgradedStream) async -> Void
    ) -> Response {
        var fields: HTTPFields = [.upgrade: name, .connection: "Upgrade"]
        fields.append(contentsOf: headers)
        return Response(
            status: .switchingProtocols, headers: fields,
            body: ResponseBody(storage: .upgrade(Upgrade(run: run))))
    }
}

/// What runs a connection that has left HTTP.
@usableFromInline
package struct Upgrade: Sendable {
    package let run: @Sendable (any UpgradedStream) async -> Void
}
