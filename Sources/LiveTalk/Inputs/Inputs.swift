import Crane
import Schema

/// Takes typed values out of one request and gathers what is wrong with them, for one answer that names it all.
///
/// Ask for the body first: one that is not JSON at all is answered without looking at the rest, as FastAPI does.
struct Inputs {
    private let request: Request
    private let context: Context
    private var issues: [ValidationIssue] = []
    // The reference names the issues of path and query before those of the body.
    private var bodyIssues: [ValidationIssue] = []
    private lazy var query = QueryParameters(request.query)

    init(_ request: Request, _ context: Context) {
        self.request = request
        self.context = context
    }

    /// The path parameter as a whole number; `nil` after an issue has been noted.
    mutating func path(_ name: String) -> Int? {
        if let value = context.parameters.plainInteger(name) { return value }
        return check(.int(), context.parameters[name] ?? "", at: ["path", .key(name)])
    }

    /// The query parameter as a whole number, `fallback` where it was not sent.
    mutating func query(_ name: String, _ shape: IntegerShape<Int>, default fallback: Int) -> Int? {
        query[name].map { check(shape, $0, at: ["query", .key(name)]) } ?? fallback
    }

    /// The query parameter as a whole number, `nil` where it was not sent.
    mutating func query(_ name: String) -> Int? {
        query[name].flatMap { check(.int(), $0, at: ["query", .key(name)]) }
    }

    /// The body as a value of this shape; `nil` after issues have been noted.
    ///
    /// Throws `InvalidInput` for broken JSON and 400 for bytes that are no text.
    mutating func body<Content: Shape>(_ shape: Content) async throws -> Content.Value? {
        let bytes = try await request.body.collect(upTo: JSONLimits().bytes)
        do {
            if isJSON { return try unsafe bytes.withUnsafeBytes { try unsafe shape.decodeBody($0) } }
            if bytes.isEmpty { throw DecodingFailure.invalid(ValidationError([.missing(["body"])])) }
            return try shape.validated(.string(String(decoding: bytes, as: UTF8.self)))
        } catch let failure as DecodingFailure {
            switch failure {
            case .unreadable:
                throw HTTPError(.badRequest, "There was an error parsing the body")
            case .invalid(let error) where error.issues.first?.type == "json_invalid":
                throw InvalidInput(error: error)
            case .invalid(let error):
                bodyIssues = error.issues
                return nil
            }
        }
    }

    /// The values, none of them `nil`; throws every issue that was noted.
    func complete<each Value>(_ values: repeat (each Value)?) throws(InvalidInput) -> (repeat each Value) {
        if issues.isEmpty, bodyIssues.isEmpty { return (repeat try unwrap(each values)) }
        throw refusal
    }

    private func unwrap<Value>(_ value: Value?) throws(InvalidInput) -> Value {
        guard let value else { throw refusal }
        return value
    }

    private var refusal: InvalidInput { InvalidInput(error: ValidationError(issues + bodyIssues)) }

    private mutating func check(_ shape: IntegerShape<Int>, _ text: String, at location: [LocationPart])
        -> Int?
    {
        do {
            return try shape.decode(text: text, at: location)
        } catch {
            issues += error.issues
            return nil
        }
    }

    /// Whether the body is read as JSON: no Content-Type, `application/json` or `application/*+json`.
    private var isJSON: Bool {
        guard let type = request.headers.values(.contentType).first, !type.isEmpty else { return true }
        let media = type.prefix { $0 != ";" }.lowercased().split(
            separator: "/", omittingEmptySubsequences: false)
        guard media.count == 2, media[0].trimmed == "application" else { return false }
        return media[1].trimmed == "json" || media[1].trimmed.hasSuffix("+json")
    }
}

extension PathParameters {
    /// A parameter of up to 18 plain digits, read from the request's bytes without a string.
    fileprivate func plainInteger(_ name: String) -> Int? {
        unsafe withBytes(of: name) { bytes -> Int? in
            guard (1...18).contains(bytes.count) else { return nil }
            var value = 0
            for index in 0..<bytes.count {
                let byte = unsafe bytes[index]
                guard byte &- 48 < 10 else { return nil }
                value = value &* 10 &+ Int(byte &- 48)
            }
            return value
        } ?? nil
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}
