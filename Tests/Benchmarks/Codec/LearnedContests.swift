import CraneSchema
import Foundation

/// The same comment, whose schema is learned from its `Codable` conformance.
struct LearnedComment: Described, Equatable {
    let id: Int
    let talkID: Int
    let userIP: String
    let text: String
    let createdAt: Timestamp
    let updatedAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case id
        case talkID = "talk_id"
        case userIP = "user_ip"
        case text = "comment_text"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    static let sample = LearnedComment(
        id: Comment.sample.id, talkID: Comment.sample.talkID, userIP: Comment.sample.userIP,
        text: Comment.sample.text, createdAt: Comment.sample.createdAt, updatedAt: Comment.sample.updatedAt)
}

/// Coding by a learned schema beside Foundation's.
struct LearnedContests {
    static let leastRatio = 1.5

    private let schema = LearnedComment.schema
    private let comments = Array(repeating: LearnedComment.sample, count: 100)
    private let codables = Array(repeating: CodableComment.sample, count: 100)
    private let encoder = JSONEncoder()
    private let decoder = JSONDecoder()

    /// Throws unless both read and write the same.
    func check() throws {
        let json = Comment.schema.encode(.sample)
        guard schema.encode(.sample) == json, try schema.decode(json) == .sample else {
            throw CocoaError(.coderReadCorrupt)
        }
    }

    func run(_ rounds: Int) -> [Contest] {
        let many = [LearnedComment].schema
        let one = schema.encode(.sample)
        let hundred = many.encode(comments)
        let (oneData, hundredData) = (Data(one), Data(hundred))
        var encodeOne = Contest("encode a learned comment")
        var decodeOne = Contest("decode a learned comment")
        var encodeMany = Contest("encode 100 learned comments")
        var decodeMany = Contest("decode 100 learned comments")
        for _ in 0..<rounds {
            encodeOne.run(2000) {
                schema.encode(.sample).count
            } theirs: {
                (try? encoder.encode(CodableComment.sample).count) ?? 0
            }
            decodeOne.run(2000) {
                (try? schema.decode(one).id) ?? 0
            } theirs: {
                (try? decoder.decode(CodableComment.self, from: oneData).id) ?? 0
            }
            encodeMany.run(20) {
                many.encode(comments).count
            } theirs: {
                (try? encoder.encode(codables).count) ?? 0
            }
            decodeMany.run(20) {
                (try? many.decode(hundred).count) ?? 0
            } theirs: {
                (try? decoder.decode([CodableComment].self, from: hundredData).count) ?? 0
            }
        }
        return [encodeOne, decodeOne, encodeMany, decodeMany]
    }
}
