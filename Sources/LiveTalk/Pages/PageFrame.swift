import Crane
import CraneSchema
import CraneTemplates
import HTTPTypes

/// What every page has: its language, its files, and the fields that keep it to itself.
struct PageFrame: Sendable {
    let request: Request
    let context: Context
    let strings: PageStrings
    /// The language that the address names, to be named by the page's own links.
    private let language: String?

    /// The frame of the page that a request is for.
    static let input: Dependency<PageFrame> = Dependency(
        Query("lang", String?.self), RequestInput(), ContextInput()
    ) {
        language, request, context in
        let strings = PageStrings.suiting(request, asked: language)
        return PageFrame(
            request: request, context: context, strings: strings,
            language: strings.language == language ? language : nil)
    }

    private init(request: Request, context: Context, strings: PageStrings, language: String?) {
        self.request = request
        self.context = context
        self.strings = strings
        self.language = language
    }

    /// The address of another page as this browser sees it: `/t/swift`, with the language that was asked for.
    func address(_ path: String, _ query: [(String, String)] = []) -> String {
        let pairs = query + (language.map { [("lang", $0)] } ?? [])
        let text = pairs.map { "\($0)=\($1)" }.joined(separator: "&")
        return context.rootPath + path + (text.isEmpty ? "" : "?\(text)")
    }

    /// The same page in the other languages.
    func languages(of path: String) -> JSONValue {
        let others = PageStrings.languages.filter { $0 != strings.language }
        return .array(
            others.compactMap(PageStrings.of).map { other in
                [
                    "code": .string(other.language), "name": .string(other.text("language")),
                    "address": .string("\(context.rootPath)\(path)?lang=\(other.language)"),
                ]
            })
    }

    /// A page made of a template.
    ///
    /// - Parameters:
    ///   - file: the name of its style and of its script, if it has one.
    ///   - data: what its script is told beside the strings; `nil` for a page without a script.
    func page(
        _ template: PageTemplate, title: String, file: String, class name: String? = nil,
        data: [JSONValue.Member]? = [], _ values: [JSONValue.Member]
    ) throws -> HTML {
        let files = PageFiles.files
        var members: [JSONValue.Member] = [
            .init("lang", .string(strings.language)), .init("s", strings.members),
            .init("title", .string(title)), .init("class", name.map { .string($0) } ?? .null),
            .init("home", .string(address("/live"))),
            .init("style", .string(files.address(of: file + ".css", in: context))),
        ]
        if let data {
            let strings = JSONValue.Member("strings", strings.script(of: file))
            members += [
                .init("script", .string(files.address(of: file + ".js", in: context))),
                .init("data", .string(Self.inert(.object(data + [strings])))),
            ]
        }
        return HTML(try template.text(.object(members + values)), headers: headers, hasTag: true)
    }

    /// JSON for a script element that is not run: nothing in it ends the element.
    private static func inert(_ value: JSONValue) -> String {
        let json = String(decoding: JSONValue.schema.encode(value), as: UTF8.self)
        return json.split(separator: "<", omittingEmptySubsequences: false).joined(separator: "\\u003c")
    }

    /// Fields of every page.
    var headers: HTTPFields {
        [
            .contentSecurityPolicy: policy, .xContentTypeOptions: "nosniff", .referrerPolicy: "same-origin",
            .vary: "Accept-Language, Cookie", .cacheControl: "private, no-cache",
        ]
    }

    /// Nothing runs or is loaded but the page's own files, and it connects to this host only.
    private var policy: String {
        """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'\(socket); \
        form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'
        """
    }

    /// This host's WebSockets, which `'self'` does not cover in older Safaris.
    private var socket: String {
        guard let host = request.host, host.utf8.allSatisfy(Self.isPlain) else { return "" }
        return " \(context.scheme == .https ? "wss" : "ws")://\(host)"
    }

    /// What a host has that a policy may name: no separator of its own.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"),
            UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }
}

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .vary
}
