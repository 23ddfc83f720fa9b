import CraneHTTP
import CraneSystem
import HTTPTypes

extension App {
    /// The application's OpenAPI 3.1 document as JSON.
    ///
    /// Made anew at each call; the served one is made at its first request and kept.
    public func openAPI() -> [UInt8] {
        openAPIText.json(under: RootPath(rootPath)?.text ?? "")
    }

    private var openAPIText: OpenAPIText {
        OpenAPIDocument(
            routes.map { guarded($0.registration) }, errors: ErrorDescriptions(errors, errorHandlers)
        ).text(
            title: title, version: version, description: description)
    }

    /// A route behind the application's dependencies.
    func guarded(_ route: Registration) -> Registration {
        route.under("", RouterDefaults(dependencies: dependencies))
    }

    /// The documentation's pages, where no route has their path.
    func documentationRoutes(beside routes: [Registration]) -> [Registration] {
        documentationRoutes.filter { page in !routes.contains { $0.path == page.path } }
    }

    private var documentationRoutes: [Registration] {
        guard let openAPI = documentation.openAPI else { return [] }
        let document = LazyValue { [self] in
            let text = openAPIText
            return (text: text, atRoot: Response.json(text.json(under: "")))
        }
        var pages = [
            Registration(
                method: .get, path: openAPI,
                eventually: { _, context in
                    let root = context.rootPath
                    return .ready(
                        root.isEmpty ? document.value.atRoot : .json(document.value.text.json(under: root)))
                })
        ]
        func add(_ path: String?, _ page: @escaping @Sendable (_ path: String) -> String) {
            guard let path else { return }
            let page = LazyValue {
                var response = Response.html(page(path))
                // A page that sends credentials is shown in no other page's frame.
                response.headers[.contentSecurityPolicy] = "frame-ancestors 'none'"
                response.headers[.xContentTypeOptions] = "nosniff"
                return response
            }
            pages.append(Registration(method: .get, path: path, eventually: { _, _ in .ready(page.value) }))
        }
        // Relative to the page, which need not know under what path it is seen.
        add(documentation.docs) { [title] in
            DocsPages.interactive(
                title: title, openAPIPath: relative(openAPI, to: $0), root: relative("/", to: openAPI))
        }
        add(documentation.redoc) { [title] in
            DocsPages.reading(
                title: title, openAPIPath: relative(openAPI, to: $0), root: relative("/", to: openAPI))
        }
        add(documentation.docs.map { $0 + "/oauth2-redirect" }) { _ in DocsPages.oauth2Redirect }
        return pages
    }
}

/// The reference that leads from one path to another (RFC 3986, section 4.2).
private func relative(_ path: String, to base: String) -> String {
    var target = path.pieces(at: "/").dropFirst()[...]
    var folders = base.pieces(at: "/").dropFirst().dropLast()[...]
    while target.count > 1, let folder = folders.first, let next = target.first, folder.isSpelt(next) {
        target = target.dropFirst()
        folders = folders.dropFirst()
    }
    // A point before it all, so that no colon in the path is taken for a scheme's.
    return "./" + String(repeating: "../", count: folders.count) + target.joined(separator: "/")
}
