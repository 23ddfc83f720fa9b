import HTTPTypes
import HTTPWire
import Synchronization

extension App {
    /// The application's OpenAPI 3.1 document as JSON.
    ///
    /// Made anew at each call; the served one is made at its first request and kept.
    public func openAPI() -> [UInt8] {
        OpenAPIDocument(routes.map(guarded)).json(title: title, version: version, description: description)
    }

    /// All routes as they are built: behind the application's dependencies, and the documentation's beside them.
    var allRoutes: [Registration] {
        var all = routes.map(guarded)
        for page in documentationRoutes where !all.contains(where: { $0.path == page.path }) {
            all.append(page)
        }
        return all
    }

    /// All routes of WebSockets, as they are built.
    var allHandshakes: [Registration] { webSocketRoutes.map(guarded) }

    private func guarded(_ route: Registration) -> Registration {
        route.under("", Commons(dependencies: dependencies))
    }

    private var documentationRoutes: [Registration] {
        guard let openAPI = documentation.openAPI else { return [] }
        let document = Kept { [self] in .json(self.openAPI()) }
        var pages = [Registration(method: .get, path: openAPI) { _, _ in document.value }]
        func add(_ path: String?, _ page: @escaping @Sendable () -> String) {
            guard let path else { return }
            let page = Kept { .html(page()) }
            pages.append(Registration(method: .get, path: path) { _, _ in page.value })
        }
        add(documentation.docs) { [title] in DocsPages.interactive(title: title, openAPIPath: openAPI) }
        add(documentation.redoc) { [title] in DocsPages.reading(title: title, openAPIPath: openAPI) }
        add(documentation.docs.map { $0 + "/oauth2-redirect" }) { DocsPages.oauth2Redirect }
        return pages
    }
}

/// A response that is made when it is first asked for.
private final class Kept: Sendable {
    private let make: @Sendable () -> Response
    private let response = Mutex<Response?>(nil)

    init(_ make: @escaping @Sendable () -> Response) {
        self.make = make
    }

    var value: Response {
        response.withLock { response in
            if let response { return response }
            let made = make()
            response = made
            return made
        }
    }
}
