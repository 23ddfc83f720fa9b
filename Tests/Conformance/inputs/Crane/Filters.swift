import CraneSchema

struct Filters: SchemaRepresentable {
    let q: String?
    let limit: Int
    let tags: [String]
    let flag: Bool
    let ratio: Double?

    static let schema = Object(Filters.init) {
        Field("q", \.q, default: nil)
        Field("limit", \.limit, .int(in: 1...100), default: 10, description: "How many")
        Field("tags", \.tags, default: [])
        Field("flag", \.flag, default: false)
        Field("ratio", \.ratio, default: nil)
    }
}

struct Marks: SchemaRepresentable {
    let session: String?
    let n: Int

    static let schema = Object(Marks.init) {
        Field("session", \.session, default: nil)
        Field("n", \.n, default: 3)
    }
}

struct Stamps: SchemaRepresentable {
    let number: Int?
    let tags: [String]

    static let schema = Object(Stamps.init) {
        Field("x_num", \.number, default: nil)
        Field("tags", \.tags, default: [])
    }
}
