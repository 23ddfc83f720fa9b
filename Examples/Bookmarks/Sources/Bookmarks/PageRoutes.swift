import Crane
import CraneTemplates

/// What visitors see: the shared bookmarks, and a form that suggests one. The session remembers what they have suggested.
struct PageRoutes {
    let store: Store
    let resources: String
    let secret: String

    func register(in app: inout App) throws {
        let home = try Templates(directory: resources + "/templates").page("home")
        app.files("/static", in: resources + "/public", cacheControl: "public, max-age=3600")
        var router = APIRouter(
            prefix: "", middleware: [Sessions(secrets: [secret], cookie: "bookmarks_visit"), CSRF()])
        router.get("/", SessionInput(), ContextInput()) { [store] session, context in
            let rows = try store.shared().map { bookmark -> JSONValue in
                ["title": .string(bookmark.title), "url": .string(bookmark.url)]
            }
            let values: JSONValue = [
                "bookmarks": .array(rows), "token": .string(CSRF.token(for: session)),
                "root": .string(context.rootPath),
                "suggested": session.value("suggested", as: String.self).map { .string($0) } ?? .null,
            ]
            return HTML(try home.text(values))
        }.hidden()
        router.post(
            "/suggestions", Form("url", .string(maxLength: 2000, pattern: "^https?://")), SessionInput(),
            ContextInput()
        ) {
            url, session, context in
            session.set("suggested", to: url)
            context.logger.notice("somebody suggests \(url)")
            return RedirectResponse(to: context.rootPath + "/", status: .seeOther)
        }.dependencies(CSRF.formToken).hidden()
        app.include(router)
    }
}
