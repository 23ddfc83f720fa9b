import Testing

@testable import Schema

/// The fast reader and the tree must never tell different stories.
@Suite("The two readers")
struct AgreementTests {
    static let seeds = [
        #"{"a":1,"b":2,"c":3,"cat":{"kind":"cat","lives":1},"cats":[{"kind":"cat","lives":2}],"d":{"k":{"kind":"cat"#
            + #"","lives":3}},"color":"red","color2":"blue","pet":{"kind":"dog","name":"é"},"at":"2026-11-22T10:2"#
            + #"7:46.435673Z","f":2.5,"any":[1]}"#,
        #"{"a":1,"b":null,"color":"red","pet":{"kind":"cat","lives":1},"at":"2026-11-22T10:27:46Z","any":null}"#,
        #"{ "any" : {} , "at" : "2000-02-29 00:00" , "pet":{"kind":"cat"} ,"color":"blue","b":-0,"a":0,"x":[[{}]]}"#,
        #"{"name":"n","children":[{"name":"\u00e9\ud83d\ude00\n"},{"children":[],"name":""}]}"#,
        #"{"talk_id":12,"user_ip":"::1","comment_text":"tab\t \"q\" \\ \/ é😀 and so on for a while"}"#,
    ]

    static let alphabet =
        Array(#"{}[]:,"\ 0123456789-+.eEtrufalsn\u00d8"#.utf8) + [
            0, 9, 10, 0x1F, 0x7F, 0xC3, 0xA9, 0xED, 0xFF,
        ]

    static func mutated(_ seed: String, _ random: inout SplitMix) -> [UInt8] {
        var bytes = Array(seed.utf8)
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let index = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: index)
            case 1 where index < bytes.count: bytes.remove(at: index)
            case 2 where index < bytes.count: bytes[index] = alphabet.randomElement(using: &random) ?? 0
            case 3: bytes.removeSubrange(index...)
            default:
                let other = Int.random(in: 0...bytes.count, using: &random)
                bytes.insert(contentsOf: bytes[min(index, other)..<max(index, other)], at: index)
            }
            if bytes.isEmpty { bytes = [0x20] }
        }
        return bytes
    }

    /// What the fast reader makes of the bytes, and what the tree makes of them.
    static func agree(_ shape: some Shape, _ bytes: [UInt8]) -> Bool {
        let fast = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe shape.decodePlain(UnsafeRawBufferPointer(bytes), JSONLimits())
        }
        // Where the fast reader steps aside, the tree alone speaks.
        guard let fast else { return true }
        guard let tree = try? JSONValue.parse(bytes), let slow = try? shape.validated(tree) else {
            return false
        }
        return shape.encode(fast) == shape.encode(slow)
    }

    @Test("agree on whatever the fast one accepts", arguments: 0..<8)
    func agreement(_ seed: UInt64) {
        var random = SplitMix(seed: seed)
        for _ in 0..<2000 {
            let bytes = Self.mutated(Self.seeds.randomElement(using: &random) ?? "", &random)
            if !Self.agree(Sampler.schema, bytes) { Issue.record("\(text(bytes))") }
            if !Self.agree(CommentCreate.schema, bytes) { Issue.record("\(text(bytes))") }
            if !Self.agree(Node.schema, bytes) { Issue.record("\(text(bytes))") }
        }
    }

    @Test("both take the seeds, the fast one without the tree's help", arguments: seeds.dropLast(3))
    func seedsArePlain(_ seed: String) throws {
        let fast = unsafe Array(seed.utf8).withUnsafeBufferPointer { bytes in
            unsafe Sampler.schema.decodePlain(UnsafeRawBufferPointer(bytes), JSONLimits())
        }
        // `any` always needs a tree; all else does not.
        #expect(fast == nil)
        let plain = unsafe Array(Self.seeds[4].utf8).withUnsafeBufferPointer { bytes in
            unsafe CommentCreate.schema.decodePlain(UnsafeRawBufferPointer(bytes), JSONLimits())
        }
        #expect(plain?.talkID == 12)
    }
}
