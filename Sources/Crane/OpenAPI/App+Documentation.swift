import CraneHTTP
public import CraneSchema
import CraneSystem
import HTTPTypes
import Synchronization

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
            title: title, version: version, description: description, documentation)
    }

    /// Has `change` look over the OpenAPI document before it is served: for what nothing else says.
    ///
    /// ```swift
    /// app.openAPI { document in document.merge(["info": ["x-logo": ["url": "/logo.png"]]]) }
    /// ```
    /// - Parameter change: called once for each path that clients see the application under, with its servers in place.
    public mutating func openAPI(_ change: @escaping @Sendable (inout JSONValue) -> Void) {
        documentation.changes.append(change)
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
        let document = ServedDocument(LazyValue { [self] in openAPIText })
        var pages = [
            Registration(
                method: .get, path: openAPI,
                eventually: { _, context in .ready(document.response(under: context.rootPath)) })
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
        add(documentation.docs) { [title, redoc = documentation.redoc] page in
            DocsPages.interactive(
                title: title, openAPIPath: relative(openAPI, to: page), root: relative("/", to: openAPI),
                other: redoc.map { relative($0, to: page) })
        }
        add(documentation.redoc) { [title, docs = documentation.docs] page in
            DocsPages.reading(
                title: title, openAPIPath: relative(openAPI, to: page), root: relative("/", to: openAPI),
                other: docs.map { relative($0, to: page) })
        }
        add(documentation.docs.map { $0 + "/oauth2-redirect" }) { _ in DocsPages.oauth2Redirect }
        return pages
    }
}

/// An application's document as it is served, for each path that clients see it under.
private final class ServedDocument: Sendable {
    private let text: LazyValue<OpenAPIText>
    private let responses = Mutex<[String: Response]>([:])
    /// More paths than an application has: those beyond are made each time.
    private static let bound = 16

    init(_ text: LazyValue<OpenAPIText>) { self.text = text }

    func response(under root: String) -> Response {
        if let known = responses.withLock({ $0[root] }) { return known }
        let made = Response.json(text.value.json(under: root))
        responses.withLock { if $0.count < Self.bound { $0[root] = made } }
        return made
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
