// The recipes of Docs/Cookbook.md about what comes in.
import Crane

private enum Sorting: String, CaseIterable, SchemaRepresentable {
    case newest, votes

    static let schema = Choice<Sorting>()
}

private struct Note: Described {
    var id: Int
    var text: String
}

/// A part of a list, and how to go on.
private struct Part<Item: SchemaRepresentable>: SchemaRepresentable {
    let items: [Item]
    let next: Int?

    static var schema: Object<Part<Item>> {
        Object(Part.init) {
            Field("items", \.items)
            Field("next", \.next)
        }
    }
}

private struct Invoice: SchemaRepresentable {
    let invoiceNumber: String
    let dueOn: Day

    static let schema = Object(Invoice.init, names: .camelCase) {
        Field("invoice_number", \.invoiceNumber, .string(pattern: "^[A-Z]{2}-[0-9]+$"), example: "CR-17")
        Field("due_on", \.dueOn)
    }
}

private struct Profile: SchemaRepresentable {
    var name: String
    var motto: String?

    static let schema = Object(Profile.init) {
        Field("name", \.name, .string(minLength: 1))
        Field("motto", \.motto, default: nil)
    }
}

func addInputRecipes(to app: inout App) {
    app.get("/search", Query("tag", [String].self, default: []), Query("sort", default: Sorting.newest)) {
        tags, sorting in
        ["asked": tags.joined(separator: "+") + " by \(sorting.rawValue)"]
    }

    app.get("/parts", Query("after", .int(ge: 0), default: 0)) { after in
        let items = (after + 1...after + 2).map { Note(id: $0, text: "note \($0)") }
        return Part(items: items, next: after + 2)
    }

    app.post("/measures.csv", Upload("file", upTo: 8 << 20)) { file in
        var (number, sum) = (0, 0)
        for try await line in TextLines(file, upTo: 100) {
            number += 1
            let cells = line.split(separator: ",").map { JSONValue.string(String($0)) }
            do throws(DecodingFailure) {
                sum += try [Int].schema.validated(.array(cells), root: "line \(number)").reduce(0, +)
            } catch {
                throw error.requestError
            }
        }
        return ["lines": number, "sum": sum]
    }

    app.post("/invoices", Body(Invoice.self)) { invoice in invoice }

    let kept = Profile(name: "ada", motto: "Count twice")
    app.patch("/profile", Body(Profile.schema.partial())) { change in change.applied(to: kept) }

    app.post("/anything", Body(JSONValue.self)) { value in ["name": value["user"]?["name"] ?? .null] }

    app.post("/lines", BodyStream("text/plain", upTo: 1 << 30)) { body in
        var lines = 0
        for try await part in body { lines += part.count { $0 == UInt8(ascii: "\n") } }
        return ["lines": lines]
    }

    app.get("/days/{day}", Path("day", Day.self)) { day in ["day": day] }
}
