import CraneHTTP

extension Context {
    /// The path of a route by its name, as the client sees it: what redirects, links and `Location` need; Starlette's `url_for`, without the
    /// host.
    ///
    /// ```swift
    /// let path = try context.path(of: "read_note", ["id": note.id])
    /// ```
    /// Looks through the application's routes, then through those of the application around it; of several with the name the first one
    /// registered counts. Where the application stands, its `rootPath`, goes before it.
    /// - Parameters:
    ///   - name: as `Route.name` says it.
    ///   - parameters: the path's, each by its name; they are percent-encoded here.
    /// - Throws: `NoSuchRoute` for a name that no route has, and for parameters that are not the route's.
    public func path(
        of name: String, _ parameters: KeyValuePairs<String, any CustomStringConvertible> = [:]
    ) throws(NoSuchRoute) -> String {
        guard let pattern = configuration.pattern(name) else {
            guard let outer = mount?.outer else {
                throw NoSuchRoute(description: "no route has the name \(name)")
            }
            return try outer.path(of: name, parameters)
        }
        return rootPath + (try pattern.path(parameters.map { ($0.key, $0.value.description) }, name))
    }

    /// The same with scheme and host, as the client has asked for them: Starlette's `url_for`.
    ///
    /// Whoever asks chooses the host, unless `TrustedHost` stands outside.
    public func url(
        of name: String, _ parameters: KeyValuePairs<String, any CustomStringConvertible> = [:]
    ) throws(NoSuchRoute) -> String {
        "\(scheme)://\(request.host ?? "localhost")" + (try path(of: name, parameters))
    }
}

/// A route's name, or the parameters of its path, that the application does not have: a mistake of the code that asks.
public struct NoSuchRoute: Error, Hashable, CustomStringConvertible {
    public let description: String
}

extension RoutePattern {
    /// A path that the pattern fits, with these values percent-encoded in it.
    fileprivate func path(
        _ values: [(name: String, text: String)], _ route: String
    ) throws(NoSuchRoute) -> String {
        if let other = values.first(where: { number(of: $0.name) == nil }) {
            throw NoSuchRoute(description: "\(route) has no parameter \(other.name): its path is \(text)")
        }
        var path = ""
        var left = parameters[...]
        for segment in segments {
            path += "/"
            if case .text(let text) = segment {
                path += percentEncoded(text.span, keeping: ":@!$&'()*+,;=")
                continue
            }
            // The parameters stand in the order of their segments.
            guard let parameter = left.popFirst(),
                let value = values.last(where: { $0.name == parameter.name }),
                parameter.takesRest || !value.text.isEmpty && !value.text.contains("/")
            else {
                throw NoSuchRoute(
                    description: "\(route) needs a value without a slash for each parameter of \(text)")
            }
            path += value.text.percentEncoded(keeping: parameter.takesRest ? "/" : "")
        }
        return path
    }
}
