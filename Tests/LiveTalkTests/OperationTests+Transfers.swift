import Crane
import CraneSQLite
import CraneSchema
import CraneService
import Foundation
import TestSupport
import Testing

@testable import LiveTalk

extension OperationTests {
    @Test("write comments down and take them over again, byte by byte", arguments: TransferFormat.allCases)
    func roundTrip(_ format: TransferFormat) async throws {
        let place = try Place()
        let care = try place.filled(3000)
        var seen: [Int] = []
        try care.export(to: place.path("one"), as: format, continuing: false) { done, total in
            seen.append(done)
            #expect(total == 3000)
        }
        #expect(seen.last == 3000)
        let other = try place.care("other.db")
        let outcome = try other.importComments(from: place.path("one"), as: format) { _, _ in }
        #expect(outcome == ImportOutcome(added: 3000, known: 0))
        try other.export(to: place.path("two"), as: format, continuing: false) { _, _ in }
        #expect(try place.text("one") == place.text("two"))
        let again = try other.importComments(from: place.path("two"), as: format) { _, _ in }
        #expect(again == ImportOutcome(added: 0, known: 3000))
        let database = try Database(.init(.file(other.path)))
        defer { database.close() }
        let store = SQLiteCommentStore(database)
        #expect(try store.matches(CommentSearch(text: "quoted", limit: 100)).count == 100)
        #expect(
            try await store.comments(CommentQuery(offset: 2990)).map(\.id) == (2991...3000).map { $0 * 3 })
    }

    @Test("go on with an export where it was cut off", arguments: TransferFormat.allCases)
    func resumed(_ format: TransferFormat) throws {
        let place = try Place()
        let care = try place.filled(60)
        try care.export(to: place.path("whole"), as: format, continuing: false) { _, _ in }
        let whole = Array(try place.text("whole").utf8)
        for length in stride(from: 0, through: whole.count, by: 61) {
            try Data(whole[..<length]).write(to: URL(filePath: place.path("part")))
            try care.export(to: place.path("part"), as: format, continuing: true) { _, _ in }
            #expect(try Array(place.text("part").utf8) == whole, "\(length)")
        }
        #expect(throws: OperationError.self) {
            try care.export(to: place.path("whole"), as: format, continuing: false) { _, _ in }
        }
    }

    @Test("adopt the database of the FastAPI application with its ids and times")
    func adoption() throws {
        let place = try Place()
        try place.fastAPI("talk.db")
        let care = try place.care()
        let outcome = try care.importComments(from: place.path("talk.db"), as: nil) { _, _ in }
        #expect(outcome == ImportOutcome(added: 2, known: 0))
        try care.export(to: place.path("a.csv"), as: .csv, continuing: false) { _, _ in }
        let lines = [
            "id,talk_id,user_ip,comment_text,created_at,updated_at",
            "3,1,::1,first,2025-11-22T10:27:46.435120Z,2025-11-23T00:00:00.000001Z",
            "9,2,::2,second,2025-11-22T10:27:46.000000Z,2025-11-22T10:27:46.500000Z", "",
        ]
        #expect(try place.text("a.csv") == lines.joined(separator: "\n"))
    }

    @Test(
        "name the line of what cannot be taken over, and keep what came before",
        arguments: [
            ("a.csv", "id,talk_id\n", "line 1"),
            ("a.csv", "id,talk_id,user_ip,comment_text,created_at,updated_at\n1,2,3\n", "line 2: 3 fields"),
            (
                "a.csv", "id,talk_id,user_ip,comment_text,created_at,updated_at\n1,x,a,b,c,d\n",
                "line 2: talk_id: not a whole number"
            ),
            (
                "a.csv", "id,talk_id,user_ip,comment_text,created_at,updated_at\n1,2,a,\"b\"c,d,e\n",
                "line 2: not CSV"
            ),
            ("a.ndjson", "\n{}\n", "line 2: id: Field required"), ("a.ndjson", "{\n", "line 1: "),
            ("a.ndjson", "\u{0}\n", "line 1: "), ("a.txt", "{}\n", "say --format"),
        ])
    func mistakes(_ name: String, _ content: String, _ says: String) throws {
        let place = try Place()
        try place.write(content, to: name)
        let error = #expect(throws: OperationError.self) {
            try place.care().importComments(from: place.path(name), as: nil) { _, _ in }
        }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    }

    @Test(
        "do not continue what is no export, and leave it as it is",
        arguments: [
            (TransferFormat.csv, "name,email\nann,a@b\n"), (.csv, "name,email"), (.csv, "name\n\"ann"),
            (.ndjson, "{\"id\":7,\"name\":1}"), (.ndjson, "my notes"), (.ndjson, "{}\n"),
        ])
    func foreignFile(_ format: TransferFormat, _ content: String) throws {
        let place = try Place()
        let care = try place.filled(3)
        try place.write(content, to: "mine")
        let error = #expect(throws: OperationError.self) {
            try care.export(to: place.path("mine"), as: format, continuing: true) { _, _ in }
        }
        #expect(error?.description.contains("no export to continue") == true)
        #expect(try place.text("mine") == content)
    }

    @Test("let no more read an export than the database")
    func exportMode() throws {
        let place = try Place()
        let care = try place.filled(3)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: care.path)
        try care.export(to: place.path("a.csv"), as: .csv, continuing: false) { _, _ in }
        let mode = try FileManager.default.attributesOfItem(atPath: place.path("a.csv"))[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test("refuse the highest id of all, after which there is none for a new comment")
    func highestID() throws {
        let place = try Place()
        let care = try place.care()
        func line(_ id: Int) -> String {
            "\(id),1,::1,text,2025-11-22T10:27:46Z,2025-11-22T10:27:46Z\n"
        }
        let head = TransferFormat.columns.joined(separator: ",") + "\n"
        try place.write(head + line(1) + line(.max), to: "a.csv")
        let error = #expect(throws: OperationError.self) {
            try care.importComments(from: place.path("a.csv"), as: nil) { _, _ in }
        }
        #expect(error?.description.contains("a.csv, line 3: id: 9223372036854775807") == true)
        try place.write(head + line(.max - 1), to: "b.csv")
        #expect(try care.importComments(from: place.path("b.csv"), as: nil) { _, _ in }.added == 1)
    }

    @Test("end a batch after some MiB of text, and say what was taken over before a mistake")
    func longTexts() throws {
        let place = try Place()
        let care = try place.care()
        let text = String(repeating: "x", count: 1 << 20)
        let head = TransferFormat.columns.joined(separator: ",") + "\n"
        let lines = (1...6).map { "\($0),1,::1,\(text),2025-11-22T10:27:46Z,2025-11-22T10:27:46Z\n" }
        try place.write(head + lines.joined() + "7,x\n", to: "a.csv")
        let error = #expect(throws: OperationError.self) {
            try care.importComments(from: place.path("a.csv"), as: nil) { _, _ in }
        }
        #expect(
            error?.description == "\(place.path("a.csv")), line 8: 2 fields instead of 6; "
                + "new comments imported before that: 4")
    }

    @Test("take comments over from a pipe")
    func pipe() throws {
        let place = try Place()
        try place.filled(3).export(to: place.path("a.csv"), as: .csv, continuing: false) { _, _ in }
        let pipe = Pipe()
        pipe.fileHandleForWriting.write(Data(try place.text("a.csv").utf8))
        try pipe.fileHandleForWriting.close()
        let outcome = try place.care("b.db").importComments(
            from: "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)", as: .csv
        ) { _, _ in }
        #expect(outcome.added == 3)
    }

    @Test("do not put another comment in the place of one that is there")
    func conflict() throws {
        let place = try Place()
        let care = try place.filled(2)
        try place.write(
            #"{"id":3,"talk_id":1,"user_ip":"a","comment_text":"b","created_at":"2025-01-01T00:00:00Z","#
                + #""updated_at":"2025-01-01T00:00:00Z"}"#, to: "a.ndjson")
        let error = #expect(throws: OperationError.self) {
            try care.importComments(from: place.path("a.ndjson"), as: nil) { _, _ in }
        }
        #expect(
            error?.description == "\(place.path("a.ndjson")), line 1: there is another comment 3 already; "
                + "new comments imported before that: 0")
    }
}
