import TestSupport
import Testing

@Suite("The fuzzer's corpus")
struct FuzzCorpusTests {
    @Test("holds no input that breaks an invariant")
    func replay() throws {
        let inputs = try FuzzCorpus.inputs()
        #expect(inputs.count > 300)
        for input in inputs { #expect(WireInvariants.broken(by: input) == nil, "\(input)") }
    }

    @Test("is read as it was written")
    func escapes() {
        #expect(
            FuzzCorpus.input(#"h\\\r\n\t\x00\xff ~"#) == [0x68, 0x5C, 0x0D, 0x0A, 0x09, 0, 0xFF, 0x20, 0x7E])
        for broken in [#"h\"#, #"h\x"#, #"h\x0"#, #"h\xg0"#, #"h\q"#, "hé"] {
            #expect(FuzzCorpus.input(broken) == nil)
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
