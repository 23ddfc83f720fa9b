import HTTPTypes
import Testing

@testable import HTTPWire

/// A connection's loop for tests that never wait.
final class StillLoop: LoopServices {
    let index = 0
    func sleep(for duration: Duration) async throws {}
    func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try work()
    }
    func spawn(_ work: @escaping @Sendable () async -> Void) {}
}

extension Request {
    static func blank() -> Request {
        Request(connection: ConnectionInfo(peer: .unixSocket, loop: StillLoop()))
    }
}

/// All that a parsed head says.
struct Head: Equatable {
    struct Field: Equatable {
        var name: String
        var value: [UInt8]
    }

    var method: String
    var target: String
    var path: String
    var rawPath: String
    var query: String?
    var fields: [Field]
    var framing: RequestFraming
    /// The bytes that belonged to the head.
    var length: Int

    init(_ request: Request, length: Int) {
        method = request.method.rawValue
        target = request.target
        path = request.path
        rawPath = request.rawPath
        query = request.query
        framing = request.framing
        fields = (0..<request.fields.count).map { index in
            let line = request.fields[index]
            let value = unsafe Array(request.bytes(line.value))
            return Field(name: request.string(line.name), value: value)
        }
        self.length = length
    }

    func value(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name }.map { String(decoding: $0.value, as: UTF8.self) }
    }
}

/// What became of the bytes given to a parser.
enum Outcome: Equatable {
    case head(Head)
    case incomplete
    case refused(Int)

    var status: Int? {
        if case .refused(let status) = self { status } else { nil }
    }

    var head: Head? {
        if case .head(let head) = self { head } else { nil }
    }
}

/// Gives `parts` to a parser one after the other.
func parse(_ parts: [ArraySlice<UInt8>], limits: WireLimits = WireLimits()) -> Outcome {
    let request = Request.blank()
    var parser = RequestParser(limits: limits)
    var before = 0
    for part in parts {
        do throws(WireError) {
            // A copy of exactly the part's size, so that a read past its end is one that a sanitizer sees.
            let copy = Array(part)
            var failure: WireError?
            let used: Int? = unsafe copy.withUnsafeBytes { bytes in
                do throws(WireError) {
                    return try unsafe parser.parse(bytes, into: request)
                } catch {
                    failure = error
                    return nil
                }
            }
            if let failure { throw failure }
            if let used {
                #expect(used <= part.count)
                #expect(parser.isIdle)
                return .head(Head(request, length: before + used))
            }
            before += part.count
        } catch {
            return .refused(error.status)
        }
    }
    return .incomplete
}

/// Parses `bytes` whole, at every split in two, and byte by byte, and expects the same each time.
func parseAtEverySplit(
    _ bytes: [UInt8], limits: WireLimits = WireLimits(), sourceLocation: SourceLocation = #_sourceLocation
) -> Outcome {
    let whole = parse([bytes[...]], limits: limits)
    for split in 0...bytes.count {
        let parts = parse([bytes[..<split], bytes[split...]], limits: limits)
        #expect(parts == whole, "split at \(split)", sourceLocation: sourceLocation)
    }
    let single = parse(bytes.indices.map { bytes[$0...$0] }, limits: limits)
    #expect(single == whole, "byte by byte", sourceLocation: sourceLocation)
    return whole
}

func parseAtEverySplit(
    _ text: String, limits: WireLimits = WireLimits(), sourceLocation: SourceLocation = #_sourceLocation
) -> Outcome {
    parseAtEverySplit(latin1(text), limits: limits, sourceLocation: sourceLocation)
}

/// The text as one byte a character, so that tests can spell any byte as `\u{..}`.
func latin1(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8($0.value) }
}

/// One case of a table: bytes and what a server must make of them.
struct WireCase: Sendable, CustomTestStringConvertible {
    enum Expectation: Sendable {
        case taken
        case refused(Int)
        case incomplete
    }

    var id: String
    var section: String
    var text: String
    var expected: Expectation

    init(_ id: String, _ section: String, _ text: String, _ expected: Expectation = .refused(400)) {
        self.id = id
        self.section = section
        self.text = text
        self.expected = expected
    }

    var testDescription: String { "\(id) (RFC \(section))" }

    func check(_ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
        let asExpected =
            switch (expected, outcome) {
            case (.taken, .head), (.incomplete, .incomplete): true
            case (.refused(let status), .refused(let given)): status == given
            default: false
            }
        #expect(asExpected, "\(id): \(outcome)", sourceLocation: sourceLocation)
    }
}
