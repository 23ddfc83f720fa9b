import CraneSystem
import HTTPTypes

@testable import CraneHTTP

/// A connection's loop for tests that never wait.
final class StillLoop: LoopServices {
    let index = 0
    func sleep(for duration: Duration) async throws {}
    func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try work()
    }
    func spawn(_ work: @escaping @Sendable () async -> Void) {}
    let isDraining = false
    func untilDraining() async throws { throw CancellationError() }
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
            let value = request.bytes(line.value).array
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
    /// The parser broke its own promise.
    case broken(String)

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
                guard used <= part.count else { return .broken("more bytes taken than given") }
                guard parser.isIdle else { return .broken("not idle behind a head") }
                return .head(Head(request, length: before + used))
            }
            before += part.count
        } catch {
            return .refused(error.status)
        }
    }
    return .incomplete
}

/// The text as one byte a character, so that tests can spell any byte as `\u{..}`.
func latin1(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8($0.value) }
}
