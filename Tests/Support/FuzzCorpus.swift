internal import Foundation

/// The inputs that the fuzzer has kept, in `Tests/Fuzz/wire.txt`.
public enum FuzzCorpus {
    /// A line that is none of the corpus.
    public struct Malformed: Error {
        let line: String
    }

    public static func inputs() throws -> [[UInt8]] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fuzz/wire.txt")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            guard let input = input(String(line)) else { throw Malformed(line: String(line)) }
            return input
        }
    }

    /// The bytes of a line as `Tests/Fuzz/corpus.py` writes it; `nil` for what it would not write.
    public static func input(_ line: String) -> [UInt8]? {
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
