// The examples of Docs/Guide/Errors.md.
import Crane
import CraneTesting
import Testing

struct SoldOut: ResponseError {
    let talk: String

    func response(for request: Request, context: Context) -> Response {
        .json(["error": "sold out", "talk": talk], status: .conflict)
    }
}

struct ShelfError: Error {
    let shelf: Int
}

struct Failure: SchemaRepresentable {
    let reason: String
    var issues: [ValidationIssue] = []

    static let schema = Object(Failure.init) {
        Field("reason", \.reason)
        Field("issues", \.issues, default: [])
    }
}

func errorsApp() -> App {
    var app = App(title: "Errors")
    app.get("/talks/{talk}", Path("talk", String.self)) { talk -> [String: String] in
        throw HTTPError(404, "No talk is called \(talk)")
    }
    app.post("/seats/{talk}", Path("talk", String.self)) { talk -> [String: Int] in
        throw SoldOut(talk: talk)
    }.responds(.conflict, "No seat is left")

    app.put("/shelves/{shelf}", Path("shelf", Int.self)) { shelf -> [String: Int] in
        throw ShelfError(shelf: shelf)
    }
    app.onError(ShelfError.self) { error, request, context in
        .json(["error": "no room on shelf \(error.shelf)"], status: .conflict)
    }

    var api = APIRouter(prefix: "/api")
    api.get("/pages/{page}", Path("page", Int.self)) { page in ["page": page] }
    api.onError(RequestValidationError.self, status: .badRequest) { error, _, _ in
        Failure(reason: "Look at the issues", issues: error.issues)
    }
    api.onError(HTTPError.self) { error, _, _ in Failure(reason: error.detail) }
    app.include(api)

    app.onUnmatched { request, context in
        .html("<h1>Nothing is at \(HTML.escaped(request.path))</h1>", status: .notFound)
    }
    return app
}

func shopApp() -> App {
    var app = App(title: "Shop", errors: .problemDetails)
    app.get("/orders/{id}", Path("id", Int.self)) { id -> [String: Int] in
        throw HTTPError(.notFound, "There is no order \(id)")
    }
    app.post("/orders", Query("credit", Int.self)) { credit -> [String: Int] in
        throw ProblemDetails(
            .forbidden, title: "You have not enough credit", type: "https://shop.example/credit",
            extensions: ["balance": .integer(credit)])
    }
    return app
}

@Suite("The chapter on errors")
struct ErrorsChapterTests {
    @Test("problem details are as it says")
    func problems() async throws {
        let client = TestClient(shopApp())
        let missing = try await client.get("/orders/7")
        #expect(
            missing.text
                == #"{"type":"about:blank","title":"Not Found","status":404,"detail":"There is no order 7"}"#)
        let refused = try await client.post("/orders?credit=30")
        #expect(refused.status == .forbidden)
        #expect(try refused.json()["balance"] == 30)
    }
}
