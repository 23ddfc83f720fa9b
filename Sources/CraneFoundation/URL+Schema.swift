public import CraneSchema
public import Foundation

/// The schema of a URL: a string in JSON, read as browsers read it (WHATWG) and kept in its normal form.
///
/// `http://EXAMPLE.com:80` is `http://example.com/`; the words of refusals are pydantic's. Letters of a host beyond ASCII become Punycode after
/// lower case and NFC, which is IDNA's mapping for all but few scripts.
public struct URLSchema: Schema {
    /// Those that it may have, in lower case; `nil` for any.
    private let schemes: [String]?
    private let maxLength: Int?

    init(schemes: [String]?, maxLength: Int?) {
        self.schemes = schemes
        self.maxLength = maxLength
    }

    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> URL {
        guard let url = read(text: try reader.string()) else { throw JSONFallback() }
        return url
    }

    public func read(text: String) -> URL? {
        var validation = Validation(at: [])
        return url(text, .string(text), &validation)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> URL? {
        switch input {
        case .string(let text): return url(text, input, &validation)
        case .brokenString: validation.reportUnicode(input)
        default:
            validation.report("url_type", "URL input should be a string or URL", input: input)
        }
        return nil
    }

    private func url(_ text: String, _ input: JSONValue, _ validation: inout Validation) -> URL? {
        if let maxLength, text.unicodeScalars.count > maxLength {
            validation.report(
                "url_too_long", "URL should have at most \(maxLength) characters", input: input,
                context: [.init("max_length", .integer(maxLength))])
            return nil
        }
        let parts: WebURL
        do {
            parts = try WebURL(text)
        } catch {
            report(error.description, input, &validation)
            return nil
        }
        if let schemes, !schemes.contains(parts.scheme) {
            let quoted = schemes.map { "'\($0)'" }
            let expected =
                quoted.count > 1
                ? quoted.dropLast().joined(separator: ", ") + " or " + (quoted.last ?? "") : quoted.joined()
            validation.report(
                "url_scheme", "URL scheme should be \(expected)", input: input,
                context: [.init("expected_schemes", .string(expected))])
            return nil
        }
        guard let url = URL(string: parts.description) else {
            report("it cannot be written by RFC 3986", input, &validation)
            return nil
        }
        return url
    }

    private func report(_ reason: String, _ input: JSONValue, _ validation: inout Validation) {
        validation.report(
            "url_parsing", "Input should be a valid URL, \(reason)", input: input,
            context: [.init("error", .string(reason))])
    }

    public func write(_ value: URL, to writer: inout JSONWriter) { writer.string(value.absoluteString) }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        var members: [JSONValue.Member] = [.init("format", "uri")]
        if let maxLength { members.append(.init("maxLength", .integer(maxLength))) }
        return .object(members + [.init("minLength", 1), .init("type", "string")])
    }

    public var columnType: ColumnType { ColumnType(.text) }

    public func columnValue(_ value: URL) -> ColumnValue { .text(value.absoluteString) }

    public func value(ofColumn column: ColumnValue) -> URL? {
        guard case .text(let text) = column else { return nil }
        return URL(string: text)
    }
}

extension URL: SchemaRepresentable {
    public static var schema: URLSchema { .url() }
}

extension Schema where Self == URLSchema {
    /// A URL: `.url(schemes: ["http", "https"], maxLength: 2083)` is pydantic's `HttpUrl`.
    ///
    /// - Parameters:
    ///   - schemes: those that it may have, in lower case; any without them.
    ///   - maxLength: the most code points that may be sent.
    public static func url(schemes: [String]? = nil, maxLength: Int? = nil) -> Self {
        URLSchema(schemes: schemes, maxLength: maxLength)
    }
}
