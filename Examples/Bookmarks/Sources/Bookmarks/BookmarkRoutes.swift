import Crane
import CraneClient

/// The part of a list that is asked for.
struct Window: Sendable {
    let limit: Int
    let offset: Int
}

let window = Dependency(
    Query("limit", .int(in: 1...100), default: 20), Query("offset", .int(ge: 0), default: 0)
) { limit, offset in Window(limit: limit, offset: offset) }

struct BookmarkRoutes {
    let store: Store
    let hub: Hub
    let user: Dependency<User>

    /// The routes, of which each needs a user; `/v0` has the same ones for old clients.
    var router: APIRouter {
        var router = APIRouter(
            prefix: "/bookmarks", tags: ["bookmarks"], dependencies: [user],
            middleware: [Timeout(.seconds(10))])
        router.post("/", Body(NewBookmark.self), user, BackgroundTasksInput(), ContextInput()) {
            [store, hub] new, user, tasks, context in
            let bookmark = try await store.add(new, for: user.id)
            tasks.add { context.logger.info("\(user.name) has kept \(bookmark.url)") }
            if bookmark.visibility == .shared { hub.tell(bookmark) }
            return bookmark.view
        }.name("add_bookmark").status(.created)
        router.get("/", Query("tag", [String].self, default: []), window, user) {
            [store] tags, window, user in
            try store.list(of: user.id, tags: tags, window)
        }.name("list_bookmarks")
        router.get("/{id}", Path("id", Int.self), user) { [store] id, user in
            try store.bookmark(id, of: user.id).view
        }.name("read_bookmark")
        router.patch("/{id}", Path("id", Int.self), Body(BookmarkChange.self), user) {
            [store] id, change, user in
            try await store.change(id, of: user.id, by: change).view
        }.name("change_bookmark")
        router.delete("/{id}", Path("id", Int.self), user) { [store] id, user in
            try await store.remove(id, of: user.id)
        }.name("remove_bookmark")
        router.get("/{id}/check", Path("id", Int.self), user, ContextInput()) { [store] id, user, context in
            let bookmark = try store.bookmark(id, of: user.id)
            do {
                let answer = try await context.http.get(bookmark.url)
                return ["status": "\(answer.status.code)"]
            } catch let error as HTTPClientError {
                throw HTTPError(.badGateway, "\(error)")
            }
        }.name("check_bookmark").description("Asks the link's server; only the public internet is asked.")
        return router
    }

    func register(in app: inout App) {
        app.include(router, prefix: "/v1")
        app.include(router, prefix: "/v0", deprecated: true)
        app.onError(ShelfError.self) { error, _, _ in
            switch error {
            case .missing(let id): throw ProblemDetails(.notFound, title: "There is no bookmark \(id)")
            case .full(let limit): throw ProblemDetails(.conflict, title: "\(limit) bookmarks are enough")
            }
        }
    }
}
