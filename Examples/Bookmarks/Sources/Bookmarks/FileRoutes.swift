import Crane

struct Picture: SchemaRepresentable {
    let name: String
    let bytes: Int

    static let schema = Object(Picture.init) {
        Field("name", \.name)
        Field("bytes", \.bytes)
    }
}

/// Pictures of pages, and all bookmarks in and out.
struct FileRoutes {
    let store: Store
    let folder: String
    let user: Dependency<User>

    func register(in app: inout App) {
        app.post("/v1/bookmarks/{id}/picture", Path("id", Int.self), Upload("picture", upTo: 5 << 20), user) {
            [store, folder] id, picture, user in
            _ = try store.bookmark(id, of: user.id)
            try await picture.save(to: "\(folder)/\(id).picture")
            return Picture(name: picture.name, bytes: picture.size)
        }.name("keep_picture").tags("files").status(.created)
        app.get("/v1/bookmarks/{id}/picture", Path("id", Int.self), user) { [store, folder] id, user in
            _ = try store.bookmark(id, of: user.id)
            return FileResponse("\(folder)/\(id).picture", contentType: "image/png")
        }.name("read_picture").tags("files")
        app.get("/v1/export", user) { [store] user in
            JSONLines(BookmarkView.self) { lines in
                var offset = 0
                while case let page = try store.list(
                    of: user.id, tags: [], Window(limit: 100, offset: offset)),
                    !page.items.isEmpty
                {
                    for item in page.items { try await lines.write(item) }
                    offset += 100
                }
            }
        }.name("export").tags("files")
        // One bookmark a line, read as it comes.
        app.post("/v1/import", BodyStream("application/jsonl", upTo: 1 << 20), user) { [store] body, user in
            var line: [UInt8] = []
            var count = 0
            for try await part in body {
                for byte in part {
                    if byte != UInt8(ascii: "\n") {
                        line.append(byte)
                    } else if !line.isEmpty {
                        _ = try await store.add(try Self.bookmark(line), for: user.id)
                        count += 1
                        line = []
                    }
                }
            }
            return ["added": count]
        }.name("import").tags("files")
    }

    private static func bookmark(_ line: [UInt8]) throws -> NewBookmark {
        do {
            return try NewBookmark.schema.decode(line)
        } catch {
            throw HTTPError(.badRequest, "A line is no bookmark")
        }
    }
}
