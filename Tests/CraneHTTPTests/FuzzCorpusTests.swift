import Foundation
import Testing

@Suite("The fuzzer's corpus")
struct FuzzCorpusTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzz/wire.txt")

    @Test("holds no input that breaks an invariant")
    func replay() throws {
        let lines = try String(contentsOf: Self.file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count > 300)
        for line in lines {
            let input = try #require(Self.input(String(line)), "no input: \(line)")
            #expect(WireInvariants.broken(by: input) == nil, "\(line)")
        }
    }

    @Test("is read as it was written")
    func escapes() {
        #expect(Self.input(#"h\\\r\n\t\x00\xff ~"#) == [0x68, 0x5C, 0x0D, 0x0A, 0x09, 0, 0xFF, 0x20, 0x7E])
        for broken in [#"h\"#, #"h\x"#, #"h\x0"#, #"h\xg0"#, #"h\q"#, "hé"] {
            #expect(Self.input(broken) == nil)
        }
    }

    @Test("is no better than the tables: their cases break nothing either")
    func tables() {
        for wireCase in RefusalTable.all {
            for kind in "hH" { #expect(WireInvariants.broken(by: latin1("\(kind)\(wireCase.text)")) == nil) }
        }
        for wireCase in ChunkTable.all {
            for kind in "cC" { #expect(WireInvariants.broken(by: latin1("\(kind)\(wireCase.text)")) == nil) }
        }
    }

    /// The bytes of a line as `Tests/Fuzz/corpus.py` writes it; `nil` for what it would not write.
    private static func input(_ line: String) -> [UInt8]? {
        var input: [UInt8] = []
        var rest = line.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                guard (0x20..<0x7F).contains(byte) else { return nil }
                input.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "\\"): input.append(byte)
            case UInt8(ascii: "r"): input.append(0x0D)
            case UInt8(ascii: "n"): input.append(0x0A)
            case UInt8(ascii: "t"): input.append(0x09)
            case UInt8(ascii: "x"):
                let digits = rest.prefix(2)
                guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
                else { return nil }
                input.append(value)
                rest = rest.dropFirst(2)
            default: return nil
            }
        }
        return input
    }
}
