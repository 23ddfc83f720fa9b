import Crane
import CraneSchema

// typed-inputs PORT: the routes of reference.py. They decide nothing and echo what they are given.

/// What a handler was given, as an array of JSON.
func echo<each Value: SchemaRepresentable>(_ value: repeat each Value) -> JSONValue {
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
    Query("flag", Bool.self, default: false), Query("ratio", Double?.self), Query("nums", [Int]?.self)
) { echo($0, $1, $2, $3, $4, $5, $6) }.name("read_item")
app.get(
    "/headers", Header("x_token", String.self), Header("x_num", Int?.self),
    Header("tags", [String].self, default: []), Cookie("session", String?.self),
    Cookie("n", Int.self, default: 3)
) { echo($0, $1, $2, $3, $4) }.name("read_headers")
app.get("/fields", Query(Filters.self), Cookie(Marks.self), Header(Stamps.self)) { filters, marks, stamps in
    echo(
        echo(filters.q, filters.limit, filters.tags, filters.flag, filters.ratio),
        echo(marks.session, marks.n, stamps.number, stamps.tags))
}.name("read_fields")
app.put(
    "/items/{item_id}", Path("item_id", Int.self), Body(Item.self), Query("q", Int.self),
    Header("x_token", Int.self)
) { echo($0, $1, $2, $3) }.name("update_item")
app.post(
    "/form", Form("a", Int.self), Form("b", String.self, default: "x"), Form("c", [Int].self, default: []),
    Form("d", String?.self)
) { echo($0, $1, $2, $3) }.name("send_form")
app.post("/upload", Upload("f"), Form("note", String.self)) { file, note in
    echo(
        file.name, file.contentType, file.size, String(decoding: try await file.bytes(), as: UTF8.self), note)
}.name("upload")
app.post("/uploads", Upload(all: "f")) { files in files.map(\.name) }.name("upload_all")
app.get("/depends/{id}", Path("id", Int.self), both, Query("own", Int.self), pager) { echo($0, $1, $2, $3) }
    .name("read_dependent")
app.post("/guarded", guardian, Body(Item.self), Query("own", Int.self)) {
    echo($0, $1, $2)
}.name("send_guarded")
app.get(
    "/any-credentials", HTTPBearer().optional, HTTPBasic().optional, APIKeyQuery("k").optional
) { bearer, basic, key in
    echo(bearer?.credentials, basic.map { "\($0.username)/\($0.password)" }, key)
}.name("read_credentials")
app.get("/key", OAuth2PasswordBearer(tokenURL: "t").optional, APIKeyCookie("ck")) {
    echo($0, $1)
}.name("read_key")
app.post("/maybe", Body(Item?.self)) { $0 }.name("send_maybe")
app.post("/list", Body([Int].self)) { $0 }.name("send_list")
app.post("/text", Body(String.self)) { $0 }.name("send_text")
app.get("/kind/{kind}", Path("kind", Kind.self), Query("other", Kind.self, default: .small)) { echo($0, $1) }
    .name("read_kind")
app.get("/files/{name:path}", Path("name", String.self)) { $0 }.name("read_file")
app.get("/text/{s}", Path("s", .string(minLength: 2, maxLength: 4, pattern: "^a"))) { $0 }.name("read_text")

try await app.run(port: CommandLine.arguments.last.flatMap { Int($0) } ?? 8000)
