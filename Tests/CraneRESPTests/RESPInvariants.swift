@testable import CraneRESP

/// What must hold for any bytes; the fuzzer searches for bytes for which it does not, and tests replay those it has met.
///
/// The first byte of an input says what the rest is: `q` commands, `Q` commands under small limits, `p` and `P` answers likewise.
enum RESPInvariants {
    private static let small = RESPRequestReader.Limits(words: 4, bytes: 20)
    private static let smallReplies = RESPReplyReader.Limits(bytes: 20, values: 12, depth: 3)

    /// What is broken for `input`, or `nil`.
    static func broken(by input: [UInt8]) -> String? {
        guard let kind = input.first else { return nil }
        let bytes = Array(input.dropFirst())
        return switch kind {
        case UInt8(ascii: "q"): commands(bytes, RESPRequestReader.Limits())
        case UInt8(ascii: "Q"): commands(bytes, small)
        case UInt8(ascii: "p"): answers(bytes, RESPReplyReader.Limits())
        case UInt8(ascii: "P"): answers(bytes, smallReplies)
        default: nil
        }
    }

    /// Some ways to cut `bytes`: into single bytes, and in two at up to 16 places.
    private static func cuts(_ bytes: [UInt8]) -> [[ArraySlice<UInt8>]] {
        let step = max(1, bytes.count / 16)
        let halves = stride(from: 1, to: bytes.count, by: step).map { [bytes[..<$0], bytes[$0...]] }
        return halves + [bytes.indices.map { bytes[$0...$0] }]
    }

    private static func commands(_ bytes: [UInt8], _ limits: RESPRequestReader.Limits) -> String? {
        let whole = CommandReading([bytes[...]], limits)
        for parts in cuts(bytes) where CommandReading(parts, limits) != whole {
            return "split commands differ: \(parts.map(\.count)), \(whole), \(CommandReading(parts, limits))"
        }
        var writer = RESPWriter()
        for case .command(let words) in whole.requests {
            guard (1...limits.words).contains(words.count) else { return "a command of \(words.count) words" }
            guard words.reduce(0, { $0 + $1.count }) <= limits.bytes else {
                return "a command over the limit"
            }
            writer.write(command: words)
        }
        let again = CommandReading([writer.take()[...]], limits)
        let expected = whole.requests.filter { $0 != .tooLong }
        return again.requests == expected && again.error == nil ? nil : "other commands the second time"
    }

    private static func answers(_ bytes: [UInt8], _ limits: RESPReplyReader.Limits) -> String? {
        let whole = AnswerReading([bytes[...]], limits)
        for parts in cuts(bytes) where AnswerReading(parts, limits).text != whole.text {
            return "split answers differ: \(parts.map(\.count))"
        }
        // Numbers and texts are written in one way only: what was written is read and written as the same.
        for version in [RESPVersion.two, .three] {
            let text = written(whole.values, version)
            let again = AnswerReading([text[...]], RESPReplyReader.Limits())
            guard again.error == nil, again.values.count == whole.values.count else {
                return "answers that are refused the second time"
            }
            guard written(again.values, version) == text else { return "other answers the second time" }
        }
        return nil
    }

    static func written(_ values: [RESPValue], _ version: RESPVersion) -> [UInt8] {
        var writer = RESPWriter(version)
        for value in values { writer.write(value) }
        return writer.take()
    }
}

/// What comes of commands that are given in parts.
struct CommandReading: Equatable {
    private(set) var requests: [RESPRequestReader.Request] = []
    private(set) var error: RESPError?

    init(_ parts: [ArraySlice<UInt8>], _ limits: RESPRequestReader.Limits = .init()) {
        var reader = RESPRequestReader(limits)
        do throws(RESPError) {
            for part in parts {
                unsafe Array(part).withUnsafeBytes { unsafe reader.append($0) }
                while let request = try reader.next() { requests.append(request) }
            }
        } catch {
            self.error = error
        }
    }
}

/// What comes of answers that are given in parts.
struct AnswerReading {
    private(set) var values: [RESPValue] = []
    private(set) var error: RESPError?

    init(_ parts: [ArraySlice<UInt8>], _ limits: RESPReplyReader.Limits = .init()) {
        var reader = RESPReplyReader(limits)
        do throws(RESPError) {
            for part in parts {
                unsafe Array(part).withUnsafeBytes { unsafe reader.append($0) }
                while let value = try reader.next() { values.append(value) }
            }
        } catch {
            self.error = error
        }
    }

    /// The values as they are written, since one that is no number equals nothing.
    var text: [UInt8] { RESPInvariants.written(values, .three) + Array((error?.description ?? "").utf8) }
}
