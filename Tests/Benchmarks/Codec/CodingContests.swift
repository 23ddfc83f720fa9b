import CraneSchema
import Foundation

/// The schema's coding beside Foundation's.
struct CodingContests {
    static let leastRatio = 5.0

    private let comments = Array(repeating: Comment.sample, count: 100)
    private let codables = Array(repeating: CodableComment.sample, count: 100)
    private let one = Comment.schema.encode(.sample)
    private let hundred: [UInt8]
    private let encoder = JSONEncoder()
    private let decoder = JSONDecoder()
    private let oneData: Data
    private let hundredData: Data

    init() {
        hundred = [Comment].schema.encode(comments)
        oneData = Data(one)
        hundredData = Data(hundred)
    }

    /// Throws unless both read what the other has written, and take it for the same.
    func check() throws {
        let theirs = try Comment.schema.decode(Array(encoder.encode(CodableComment.sample)))
        let ours = try decoder.decode([CodableComment].self, from: hundredData)
        guard theirs == .sample, ours == codables else { throw CocoaError(.coderReadCorrupt) }
    }

    func run(_ rounds: Int) -> [Contest] {
        var encodeOne = Contest("encode a comment")
        var decodeOne = Contest("decode a comment")
        var encodeMany = Contest("encode 100 comments")
        var decodeMany = Contest("decode 100 comments")
        for _ in 0..<rounds {
            encodeOne.run(2000) {
                Comment.schema.encode(.sample).count
            } theirs: {
                (try? encoder.encode(CodableComment.sample).count) ?? 0
            }
            decodeOne.run(2000) {
                (try? Comment.schema.decode(one).id) ?? 0
            } theirs: {
                (try? decoder.decode(CodableComment.self, from: oneData).id) ?? 0
            }
            encodeMany.run(20) {
                [Comment].schema.encode(comments).count
            } theirs: {
                (try? encoder.encode(codables).count) ?? 0
            }
            decodeMany.run(20) {
                (try? [Comment].schema.decode(hundred).count) ?? 0
            } theirs: {
                (try? decoder.decode([CodableComment].self, from: hundredData).count) ?? 0
            }
        }
        return [encodeOne, decodeOne, encodeMany, decodeMany]
    }
}
