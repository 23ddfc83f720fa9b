import Crane
import CraneSchema

// typed-inputs PORT: the routes of reference.py. They decide nothing and echo what they are given.

/// What a handler was given, as an array of JSON.
func echo<each Value: Describable>(_ value: repeat each Value) -> JSONValue {
    var all: [JSONValue] = []
    // What a schema writes is JSON.
    for value in repeat each value {
        all.append((try? JSONValue.parse(type(of: value).schema.encode(value))) ?? .null)
    }
    return .array(all)
}

let pager = Dependency(Query("offset", .int(ge: 0), default: 0), Header("x_page", Int.self)) { $0 + $1 }
let guardian = Dependency(Query("key", String?.self)) { key in
    if key == "no" { throw HTTPError(.forbidden, "no") }
    return key.flatMap { $0.isEmpty ? nil : $0 } ?? "-"
}
let both = Dependency(guardian, pager, Query("z", Int.self)) { "\($0)\($1)\($2)" }

var app = App(title: "Inputs")
app.get(
    "/items/{item_id}", Path("item_id", Int.self), Query("q", String?.self),
    Query("limit", .int(in: 1...100), default: 10), Query("tags", [String].self, default: []),
    Query("flag", Bool.self, default: false), Query("ratio", Double?.self), Query("nums", [Int]?.self),
    name: "read_item"
) { echo($0, $1, $2, $3, $4, $5, $6) }
app.get(
    "/headers", Header("x_token", String.self), Header("x_num", Int?.self),
    Header("tags", [String].self, default: []), Cookie("session", String?.self),
    Cookie("n", Int.self, default: 3), name: "read_headers"
) { echo($0, $1, $2, $3, $4) }
app.put(
    "/items/{item_id}", Path("item_id", Int.self), Body(Item.self), Query("q", Int.self),
    Header("x_token", Int.self), name: "update_item"
) { echo($0, $1, $2, $3) }
app.post(
    "/form", Form("a", Int.self), Form("b", String.self, default: "x"), Form("c", [Int].self, default: []),
    Form("d", String?.self), name: "send_form"
) { echo($0, $1, $2, $3) }
app.post("/upload", Upload("f"), Form("note", String.self), name: "upload") { file, note in
    echo(
        file.name, file.contentType, file.size, String(decoding: try await file.bytes(), as: UTF8.self), note)
}
app.post("/uploads", Upload(all: "f"), name: "upload_all") { files in files.map(\.name) }
app.get(
    "/depends/{id}", Path("id", Int.self), both, Query("own", Int.self), pager, name: "read_dependent"
) { echo($0, $1, $2, $3) }
app.post("/guarded", guardian, Body(Item.self), Query("own", Int.self), name: "send_guarded") {
    echo($0, $1, $2)
}
app.get(
    "/any-credentials", HTTPBearer().optional, HTTPBasic().optional, APIKeyQuery("k").optional,
    name: "read_credentials"
) { bearer, basic, key in
    echo(bearer?.credentials, basic.map { "\($0.username)/\($0.password)" }, key)
}
app.get("/key", OAuth2PasswordBearer(tokenURL: "t").optional, APIKeyCookie("ck"), name: "read_key") {
    echo($0, $1)
}
app.post("/maybe", Body(Item?.self), name: "send_maybe") { $0 }
app.post("/list", Body([Int].self), name: "send_list") { $0 }
app.post("/text", Body(String.self), name: "send_text") { $0 }
app.get(
    "/kind/{kind}", Path("kind", Kind.self), Query("other", Kind.self, default: .small), name: "read_kind"
) { echo($0, $1) }
app.get("/files/{name:path}", Path("name", String.self), name: "read_file") { $0 }
app.get("/text/{s}", Path("s", .string(minLength: 2, maxLength: 4, pattern: "^a")), name: "read_text") { $0 }

try await app.run(port: CommandLine.arguments.last.flatMap { Int($0) } ?? 8000)
