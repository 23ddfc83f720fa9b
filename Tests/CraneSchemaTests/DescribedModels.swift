import CraneSchema

/// Nested in others, and plain `Codable`.
struct Writer: Codable, Sendable, Equatable {
    var name: String
    var age: Int
}

enum Tint: String, Codable, CaseIterable, Sendable {
    case red
    case green = "GREEN"
}

enum Level: Int, Codable, CaseIterable, Sendable {
    case low = 1
    case high = 2
}

/// Wraps one text.
struct Slug: Codable, Sendable, Equatable {
    let text: String

    init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
        guard text.contains("@") else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a slug has an @"))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// A raw value that is no enumeration.
struct Key: RawRepresentable, Codable, Sendable, Hashable {
    let rawValue: Int
}

/// One member of every kind.
struct Sheet: Described {
    var id: UniqueID
    var title: String
    var commentText: String?
    var tags: [String]
    var author: Writer
    var others: [Writer]
    var counts: [String: Int]
    var tint: Tint
    var level: Level
    var createdAt: Timestamp
    var day: Day?
    var stay: Duration
    var isPublic: Bool
    var score: Double
    var ratio: Float
    var small: Int8?
    var keys: Set<Key>
    var slug: Slug
    var holes: [Int?]
    var cat: Cat2?
    var note: Patch<String?>
    var any: JSONValue?

    enum CodingKeys: String, CodingKey {
        case id, title
        case commentText = "comment_text"
        case tags, author, others, counts, tint, level
        case createdAt = "created_at"
        case day, stay
        case isPublic = "is_public"
        case score, ratio, small, keys, slug, holes, cat, note, any
    }

    static let rules = Rules<Self>(name: "SheetModel", description: "A sheet") {
        $0.title(.string(minLength: 1, maxLength: 40), description: "What it is called")
        $0.commentText(.string(maxLength: 5))
        $0.tags(.array(.string(maxLength: 3), maxItems: 2))
        $0.score(.float(ge: 0))
        $0.isPublic(title: "Public?")
    }
}

/// Describes itself by hand, and stands in a type that does not.
struct Cat2: Codable, SchemaRepresentable, Equatable {
    var lives: Int
    static let schema = Object(Cat2.init) { Field("lives", \.lives, .int(ge: 1, le: 9)) }
}

/// Has defaults of its own.
struct Page<Element: Codable & Sendable>: Described {
    var items: [Element]
    var limit: Int
    var order: String

    enum CodingKeys: CodingKey { case items, limit, order }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        items = try container.decode([Element].self, forKey: .items)
        limit = try container.decodeIfPresent(Int.self, forKey: .limit) ?? 20
        order = container.contains(.order) ? try container.decode(String.self, forKey: .order) : "new"
    }
}

/// Contains itself.
struct Branch: Described, Equatable {
    var name: String
    var branches: [Branch]
}

/// Compares what it is given.
struct Span2: Described, Equatable {
    var low: Int
    var high: Int

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        low = try container.decode(Int.self, forKey: .low)
        high = try container.decode(Int.self, forKey: .high)
        guard low < high else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "low must be below high"))
        }
    }
}

class Animal: Codable {
    let legs: Int
    enum CodingKeys: CodingKey { case legs }
}

final class Bird: Animal, Described, @unchecked Sendable {
    let wings: Int
    enum Keys: CodingKey { case wings }

    required init(from decoder: any Decoder) throws {
        wings = try decoder.container(keyedBy: Keys.self).decode(Int.self, forKey: .wings)
        try super.init(from: decoder)
    }

    override func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(wings, forKey: .wings)
        try super.encode(to: encoder)
    }
}

/// A property wrapper with a default, by an overload of `decode`.
@propertyWrapper
struct ZeroDefault: Codable, Sendable {
    var wrappedValue: Int
}

extension KeyedDecodingContainer {
    func decode(_ type: ZeroDefault.Type, forKey key: Key) throws -> ZeroDefault {
        ZeroDefault(wrappedValue: try decodeIfPresent(Int.self, forKey: key) ?? 0)
    }
}

extension ZeroDefault {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}

struct Counter: Described {
    @ZeroDefault var count: Int
}
