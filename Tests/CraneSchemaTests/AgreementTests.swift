import CraneSchema
import TestSupport
import Testing

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

    /// The value of plain, correct JSON straight from the bytes; nil where the fast reader steps aside.
    static func fast<Content: Schema>(_ schema: Content, _ bytes: [UInt8]) -> Content.Value? {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            guard var reader = unsafe JSONReader(UnsafeRawBufferPointer(bytes)),
                let value = try? schema.read(&reader), (try? reader.finish()) != nil
            else { return nil }
            return value
        }
    }

    static func agree(_ schema: some Schema, _ bytes: [UInt8]) -> Bool {
        // Where the fast reader steps aside, the tree alone speaks.
        guard let fast = fast(schema, bytes) else { return true }
        guard let tree = try? JSONValue.parse(bytes), let slow = try? schema.validated(tree) else {
            return false
        }
        return schema.encode(fast) == schema.encode(slow)
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

    @Test("are both wanted: the fast one takes plain bodies alone")
    func plainBodies() {
        let bodies = [
            #"{"talk_id":12,"user_ip":"::1","comment_text":"tab\t \"q\" \\ \/ \u00e9\ud83d\ude00 é😀"}"#,
            #" { "comment_text" : "é" , "x" : [ {} , -1.5e3 , null , "\ud800" ] , "user_ip":"","talk_id":-0}"#,
        ]
        for body in bodies {
            #expect(Self.fast(CommentCreate.schema, Array(body.utf8)) != nil)
        }
        #expect(Self.fast(Pet.schema, Array(#"{"kind":"dog","name":"Rex"}"#.utf8)) != nil)
        #expect(Self.fast(Node.schema, Array(Self.seeds[3].utf8)) != nil)
        #expect(Self.fast(Sampler.schema, Array(Self.seeds[0].utf8)) == nil)
    }
}
