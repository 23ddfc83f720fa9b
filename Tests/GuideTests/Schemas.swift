// The examples of Docs/Guide/Schemas.md.
import Crane
import CraneFoundation
import Foundation

enum Level: String, CaseIterable, SchemaRepresentable {
    case beginner, advanced

    static let schema = Choice<Level>()
}

struct Speaker: SchemaRepresentable {
    let name: String
    let email: String?

    static let schema = Object(Speaker.init) {
        Field("name", \.name, .string(minLength: 1, maxLength: 80))
        Field("email", \.email, .optional(.string(pattern: "^[^@ ]+@[^@ ]+$")), default: nil)
    }
}

struct Talk: SchemaRepresentable {
    let title: String
    let speakers: [Speaker]
    let level: Level
    let tags: [String]
    let starts: Timestamp
    let minutes: Int

    static let schema = Object(Talk.init, description: "A talk of the conference") {
        Field("title", \.title, .string(minLength: 1, maxLength: 120))
        Field("speakers", \.speakers, .array(Speaker.schema, minItems: 1))
        Field("level", \.level, default: .beginner)
        Field("tags", \.tags, default: [])
        Field("starts", \.starts)
        Field("minutes", \.minutes, .int(ge: 5, le: 180), default: 30, description: "How long it takes")
    }
}

func schemasApp() -> App {
    var app = App(title: "Talks")
    app.post("/talks", Body(Talk.self)) { talk in talk }.name("create_talk")
    return app
}

struct Window: SchemaRepresentable {
    let offset: Int
    let limit: Int

    static let schema = Object(Window.init) {
        Field("offset", \.offset, .int(ge: 0), default: 0)
        Field("limit", \.limit, .int(in: 1...100), default: 100, description: "How many talks")
    }
}

func windowsApp() -> App {
    var app = schemasApp()
    app.get("/window", Query(Window.self)) { window in window }
    return app
}

struct Card: SchemaRepresentable {
    let number: String
    static let schema = Object(Card.init) { Field("number", \.number, .string(pattern: "^[0-9]{16}$")) }
}

struct Voucher: SchemaRepresentable {
    let code: String
    static let schema = Object(Voucher.init) { Field("code", \.code) }
}

enum Payment: SchemaRepresentable {
    case card(Card)
    case voucher(Voucher)

    static let schema = TaggedUnion<Payment>("kind") {
        Variant("card", Payment.card) { if case .card(let card) = $0 { card } else { nil } }
        Variant("voucher", Payment.voucher) { if case .voucher(let voucher) = $0 { voucher } else { nil } }
    }
}

struct Reply: SchemaRepresentable {
    let text: String
    let replies: [Reply]

    static let schema: Object<Reply> = Object(Reply.init) {
        Field("text", \.text)
        Field("replies", \.replies, .array(.deferred(Reply.self)), default: [])
    }
}

func paymentsApp() -> App {
    var app = windowsApp()
    app.post("/replies", Body(Reply.self)) { reply in reply }
    app.post("/payments", Body(Payment.self)) { payment in payment }
    return app
}

struct Booking: SchemaRepresentable {
    let guestName: String
    let day: Day
    let stay: Duration
    let note: String?

    static let schema = Object(Booking.init, names: .camelCase) {
        Field("guest_name", \.guestName, .string(minLength: 1), example: "Ada")
        Field("day", \.day)
        Field("stay", \.stay, default: .seconds(86_400))
        Field("note", \.note, default: nil)
    }
}

struct NoteChange: SchemaRepresentable {
    let text: Patch<String>
    let author: Patch<String?>

    static let schema = Object(NoteChange.init) {
        Field("text", \.text, .patch(.string(maxLength: 100)))
        Field("author", \.author)
    }
}

struct Idea: Described {
    var title: String
    var tags: [String]?

    static let rules = Rules<Self> {
        $0.title(.string(minLength: 1, maxLength: 40), description: "In a few words")
    }
}

struct Purchase: SchemaRepresentable {
    let id: UUID
    let price: Decimal
    let receipt: URL
    let paid: Date

    static let schema = Object(Purchase.init) {
        Field("id", \.id)
        Field("price", \.price, .decimal(ge: 0, maxDigits: 10, decimalPlaces: 2))
        Field("receipt", \.receipt, .url(schemes: ["http", "https"], maxLength: 2083))
        Field("paid", \.paid)
    }
}

func bookingsApp() -> App {
    var app = paymentsApp()
    app.post("/purchases", Body(Purchase.self)) { purchase in purchase }
    app.post("/ideas", Body(Idea.self)) { idea in idea }
    let booked = Booking(
        guestName: "Ada", day: Day(daysSince1970: 20_800), stay: .seconds(3600), note: "late")
    app.patch("/bookings/1", Body(Booking.schema.partial())) { change in change.applied(to: booked) }
    app.patch("/notes/1", Body(NoteChange.self)) { change in change }
    return app
}
