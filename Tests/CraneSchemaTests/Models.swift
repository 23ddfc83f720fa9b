import CraneSchema

enum Color: String, CaseIterable, SchemaRepresentable {
    case red, blue

    static let schema = Choice<Color>(description: "A color")
}

enum Word: String, CaseIterable, SchemaRepresentable {
    case red, blue
    case its = "it's"

    static let schema = Choice<Word>()
}

/// Has its tag as a field of its own, as pydantic's models do.
struct Cat: SchemaRepresentable {
    var kind: String
    var lives: Int

    static let schema = Object(Cat.init) {
        Field("kind", \.kind, .literal("cat"))
        Field("lives", \.lives, .int(gt: 0), default: 9, description: "How many")
    }
}

/// Leaves its tag to the union.
struct Dog: SchemaRepresentable {
    var name: String

    static let schema = Object(Dog.init) {
        Field("name", \.name)
    }
}

enum Pet: SchemaRepresentable {
    case cat(Cat)
    case dog(Dog)

    static let schema = TaggedUnion<Pet>("kind") {
        Variant("cat", Pet.cat) { if case .cat(let it) = $0 { it } else { nil } }
        Variant("dog", Pet.dog) { if case .dog(let it) = $0 { it } else { nil } }
    }
}

struct CommentCreate: SchemaRepresentable {
    var talkID: Int
    var userIP: String
    var text: String

    static let schema = Object(
        CommentCreate.init, name: "CommentCreateSchema", description: "Create a comment"
    ) {
        Field("talk_id", \.talkID)
        Field("user_ip", \.userIP, .string(maxLength: 45))
        Field("comment_text", \.text, .string(minLength: 1))
    }
}

/// One field of every sort.
struct Sampler: SchemaRepresentable {
    var a: Int
    var b: Int?
    var c: Int?
    var cat: Cat?
    var cats: [Cat]
    var d: [String: Cat]
    var color: Color
    var color2: Color
    var pet: Pet
    var at: Timestamp
    var f: Double
    var any: JSONValue

    static let schema = Object(Sampler.init, name: "N", description: "Doc") {
        Field("a", \.a)
        Field("b", \.b)
        Field("c", \.c, default: nil)
        Field("cat", \.cat, default: nil)
        Field("cats", \.cats, default: [])
        Field("d", \.d, default: [:])
        Field("color", \.color)
        Field("color2", \.color2, default: .red)
        Field("pet", \.pet)
        Field("at", \.at)
        Field("f", \.f, .float(gt: 0, lt: 10, multipleOf: 0.5), default: 1.5)
        Field("any", \.any)
    }
}

/// Contains itself.
struct Node: SchemaRepresentable {
    var name: String
    var children: [Node]

    static let schema: Object<Node> = Object(Node.init) {
        Field("name", \.name)
        Field("children", \.children, .array(.deferred(Node.self)), default: [])
    }
}
