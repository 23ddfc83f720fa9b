import Crane
import Testing

@Suite("The list of an application's routes")
struct RouteSummaryTests {
    @Test(
        "has each with its method, whole path, summary and credentials, WebSockets and mounted applications too"
    )
    func all() {
        var app = App()
        app.dependencies = [APIKeyHeader("X-Key")]
        app.get("/") { "x" }
        var items = APIRouter(prefix: "/items", dependencies: [HTTPBearer()])
        items.post("/{id}", Path("id", Int.self), HTTPBearer()) { id, _ in id }.name("change_item")
        items.get("/secret") { "x" }.hidden()
        app.include(items, prefix: "/v1")
        app.webSocket("/chat") { _ in }
        var admin = App()
        admin.delete("/users") {}.summary("Forget them all")
        var inner = App()
        inner.get("/x") { "x" }
        admin.mount("/inner", inner)
        app.mount("/admin", admin)
        var api = App()
        api.get("/y") { "x" }
        app.host("api.example.com", api)
        let rows = app.routeSummaries.map { "\($0.method) \($0.path) \($0.summary) \($0.security)" }
        #expect(
            rows == [
                #"GET / Get ["APIKeyHeader"]"#,
                #"POST /v1/items/{id} Change Item ["APIKeyHeader", "HTTPBearer"]"#,
                #"GET /v1/items/secret  ["APIKeyHeader", "HTTPBearer"]"#,
                #"WS /chat  ["APIKeyHeader"]"#,
                #"DELETE /admin/users Forget them all []"#,
                #"GET /admin/inner/x Get X []"#,
                #"GET api.example.com/y Get Y []"#,
            ])
    }
}
