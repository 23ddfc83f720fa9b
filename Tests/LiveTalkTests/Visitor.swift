import HTTPTypes
import Testing

@testable import LiveTalk

/// Somebody in the room with a browser that runs no scripts.
struct Visitor {
    let room: Room
    /// The cookie that the browser keeps.
    var cookie: String?

    init(_ room: Room) { self.room = room }

    func get(_ target: String = "/t/swift") async throws -> Client.Answer {
        try await room.send("GET", target, nil, cookie.map { ["Cookie: \($0)"] } ?? [])
    }

    mutating func post(
        _ form: String, to target: String = "/t/swift", _ headers: [String] = ["Sec-Fetch-Site: same-origin"]
    ) async throws -> Client.Answer {
        let fields =
            ["Content-Type: application/x-www-form-urlencoded"] + (cookie.map { ["Cookie: \($0)"] } ?? [])
        let answer = try await room.client.send(
            "POST", target, headers: fields + headers, body: Array(form.utf8))
        if let set = answer.headers[.setCookie] { cookie = String(set.prefix { $0 != ";" }) }
        return answer
    }

    /// Posts a comment; its id.
    mutating func ask(_ text: String, _ more: String = "") async throws -> Int {
        let answer = try await post("text=\(text)\(more)")
        try #require(answer.status == 303, "\(answer)")
        return try #require(answer.headers[.location]?.firstMatch(of: /#c(\d+)/).flatMap { Int($0.1) })
    }

    /// Votes as somebody new.
    func voting(_ id: Int) async throws -> Int {
        var visitor = self
        return try await visitor.post("vote=\(id)").status
    }
}

extension Room {
    /// A room with one talk, `swift`.
    static func withTalk(
        _ kind: Kind = .sqlite, _ change: (inout Settings) -> Void = { _ in }
    ) async throws -> Room {
        let room = try Room(kind, change)
        try await room.talk("swift")
        return room
    }
}

/// The ids of the rows in their order; that of the stage and those of the list.
func rows(_ page: String) -> (stage: [Int], list: [Int]) {
    func ids(_ part: some StringProtocol) -> [Int] {
        String(part).matches(of: /<li class="q[^"]*" id="c(\d+)"/).compactMap { Int($0.1) }
    }
    let parts = page.split(separator: "<ol id=\"list\">", maxSplits: 1)
    return (ids(parts.first ?? ""), ids(parts.last?.prefix { _ in true } ?? ""))
}
