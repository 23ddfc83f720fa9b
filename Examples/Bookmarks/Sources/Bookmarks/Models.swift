import Crane
import CraneSQLite

enum Visibility: String, CaseIterable, SchemaRepresentable {
    case personal, shared

    static let schema = Choice<Visibility>()
}

/// Where a link was met.
struct Source: SchemaRepresentable {
    let site: String
    let author: String?

    static let schema = Object(Source.init) {
        Field("site", \.site, .string(minLength: 1, maxLength: 80), example: "swift.org")
        Field("author", \.author, default: nil)
    }
}

struct NewBookmark: SchemaRepresentable {
    let url: String
    let title: String
    let tags: [String]
    let visibility: Visibility
    let source: Source?
    let remindOn: Day?
    let readingTime: Duration

    static let schema = Object(NewBookmark.init, names: .camelCase) {
        Field(
            "url", \.url, .string(maxLength: 2000, pattern: "^https?://"), example: "https://www.swift.org/")
        Field("title", \.title, .string(minLength: 1, maxLength: 200), example: "Swift")
        Field("tags", \.tags, .array(.string(maxLength: 40), maxItems: 20), default: [])
        Field("visibility", \.visibility, default: .personal)
        Field("source", \.source, default: nil)
        Field("remind_on", \.remindOn, default: nil)
        Field("reading_time", \.readingTime, default: .seconds(60))
    }
}

/// What PATCH takes: what is left out stays, and null takes away.
struct BookmarkChange: SchemaRepresentable {
    let title: Patch<String>
    let visibility: Patch<Visibility>
    let notes: Patch<String?>

    static let schema = Object(BookmarkChange.init) {
        Field("title", \.title, .patch(.string(minLength: 1, maxLength: 200)))
        Field("visibility", \.visibility)
        Field("notes", \.notes)
    }
}

/// A row; what a client sees of it is a ``BookmarkView``.
struct Bookmark: Record {
    var id = 0
    let owner: Int
    let reference: UniqueID
    let url: String
    var title: String
    let tags: [String]
    var visibility: Visibility
    let source: Source?
    let remindOn: Day?
    let readingTime: Duration
    var notes: String?
    let added: Timestamp

    static let schema = Object(Bookmark.init) {
        Field("id", \.id)
        Field("owner", \.owner)
        Field("reference", \.reference)
        Field("url", \.url)
        Field("title", \.title)
        Field("tags", \.tags)
        Field("visibility", \.visibility)
        Field("source", \.source)
        Field("remind_on", \.remindOn)
        Field("reading_time", \.readingTime)
        Field("notes", \.notes)
        Field("added", \.added)
    }

    static let table = Table<Bookmark>("bookmark", indexes: [TableIndex("bookmark_owner", on: "owner", "id")])
}

/// A bookmark without its owner.
struct BookmarkView: SchemaRepresentable {
    let id: Int
    let reference: UniqueID
    let url: String
    let title: String
    let tags: [String]
    let visibility: Visibility
    let source: Source?
    let remindOn: Day?
    let readingTime: Duration
    let notes: String?
    let added: Timestamp

    static let schema = Object(BookmarkView.init, names: .camelCase) {
        Field("id", \.id)
        Field("reference", \.reference)
        Field("url", \.url)
        Field("title", \.title)
        Field("tags", \.tags)
        Field("visibility", \.visibility)
        Field("source", \.source)
        Field("remind_on", \.remindOn)
        Field("reading_time", \.readingTime)
        Field("notes", \.notes)
        Field("added", \.added)
    }
}

extension Bookmark {
    var view: BookmarkView {
        BookmarkView(
            id: id, reference: reference, url: url, title: title, tags: tags, visibility: visibility,
            source: source, remindOn: remindOn, readingTime: readingTime, notes: notes, added: added)
    }
}

/// A part of a list. A generic type's schema is made when it is asked for: Swift has no stored constants in it.
struct Page<Item: SchemaRepresentable>: SchemaRepresentable {
    let items: [Item]
    let total: Int

    static var schema: Object<Page> {
        Object(Page.init) {
            Field("items", \.items)
            Field("total", \.total)
        }
    }
}
