import Foundation
import Testing

@Suite("The fuzzer's corpus")
struct FuzzCorpusTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzz/corpus/wire")

    @Test("holds no input that breaks an invariant")
    func replay() throws {
        let files = try FileManager.default.contentsOfDirectory(
            at: Self.folder, includingPropertiesForKeys: nil)
        #expect(files.count > 10)
        for file in files {
            let bytes = Array(try Data(contentsOf: file))
            #expect(WireInvariants.broken(by: bytes) == nil, "\(file.lastPathComponent)")
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
}
