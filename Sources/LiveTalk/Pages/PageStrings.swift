import Crane
import CraneSchema

/// The words of the pages in one language: a file of `Strings`, which is read when it is first asked for.
struct PageStrings: Sendable {
    /// What `lang` says.
    let language: String
    /// The file's members, for templates.
    let members: JSONValue

    /// What the scripts of a page are told: the strings of all of them, and the page's own.
    func script(of page: String) -> JSONValue {
        guard case .object(let all) = members["js"], case .object(let own) = members[page] ?? .object([])
        else {
            return .object([])
        }
        return .object(all + own)
    }

    /// A text with values in the places that name them: `{n} questions`.
    func text(_ name: String, _ values: [String: any CustomStringConvertible] = [:]) -> String {
        guard case .string(var text) = members[name] ?? group(with: name)?[name] else { return name }
        for (key, value) in values {
            text = text.split(separator: "{\(key)}", omittingEmptySubsequences: false).joined(
                separator: "\(value)")
        }
        return text
    }

    /// The strings of a page's script that this is one of.
    private func group(with name: String) -> JSONValue? {
        guard case .object(let members) = members else { return nil }
        return members.first { $0.value[name] != nil }?.value
    }

    /// A text for a number of things.
    func counted(_ name: String, _ count: Int) -> String {
        text(count == 1 ? "\(name)_one" : "\(name)_other", ["n": count])
    }

    /// The languages there are; the first is for those who ask for none of them.
    static let languages = ["en", "de"]
    private static let english = LazyValue { PageStrings("en", PackageResources.en_json) }
    private static let files: [String: LazyValue<PageStrings>] = [
        "en": english, "de": LazyValue { PageStrings("de", PackageResources.de_json) },
    ]

    private init(_ language: String, _ file: [UInt8]) {
        self.language = language
        // A test reads each file; one that is none leaves the names of the texts on the pages.
        members = (try? JSONValue.parse(file)) ?? .object([])
    }

    /// The strings of a language, `nil` for one that there is not.
    static func of(_ language: String) -> PageStrings? { files[language]?.value }

    /// The strings that suit a request best: of the language that its address names, else of those that the browser prefers
    /// (RFC 9110, section 12.5.4).
    static func suiting(_ request: Request, asked: String?) -> PageStrings {
        let names = [asked].compactMap(\.self) + preferred(request.headers[.acceptLanguage] ?? "")
        return names.lazy.compactMap { of($0.prefix { $0 != "-" }.lowercased()) }.first ?? english.value
    }

    /// The languages of the field, the most wanted first.
    private static func preferred(_ field: String) -> [String] {
        let wishes = field.split(separator: ",").prefix(32).compactMap {
            element -> (name: String, weight: Double)? in
            let parts = element.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let name = parts.first else { return nil }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
            return (name, weight ?? 1)
        }
        // Those of one weight stay in their order.
        return wishes.enumerated().filter { $0.element.weight > 0 }
            .sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }.map(\.element.name)
    }
}
