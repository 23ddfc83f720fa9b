import CraneSchema

struct Item: SchemaRepresentable {
    let name: String
    let price: Double
    let count: Int
    let tags: [String]
    let note: String?

    static let schema = Object(Item.init) {
        Field("name", \.name, .string(minLength: 1, maxLength: 5))
        Field("price", \.price, .float(gt: 0))
        Field("count", \.count, default: 1)
        Field("tags", \.tags, default: [])
        Field("note", \.note, default: nil)
    }
}
