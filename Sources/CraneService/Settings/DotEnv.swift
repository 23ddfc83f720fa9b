/// A `.env` file, read by python-dotenv's rules: `export`, comments, quotes with escapes, values over several lines.
package struct DotEnv: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let name: String
        package let value: String
        /// Counted from 1.
        package let line: Int
    }

    package struct Malformed: Error, Equatable {
        package let line: Int
        package let reason: String
    }

    /// Every `NAME=value` in the order of the file; of equal names the last one counts.
    package let entries: [Entry]

    package init(parsing text: String, environment: [String: String] = [:]) throws(Malformed) {
        var reader = DotEnvReader(text)
        var entries: [Entry] = []
        var values = environment
        while let entry = try reader.next() {
            let value = DotEnv.expand(entry.value, values)
            values[entry.name] = value
            entries.append(Entry(name: entry.name, value: value, line: entry.line))
        }
        self.entries = entries
    }

    /// Puts in the values of `${NAME}` and `${NAME:-default}`; an unknown name without default is empty.
    private static func expand(_ text: String, _ values: [String: String]) -> String {
        var result = ""
        var rest = text[...]
        // By scalars: a mark behind a brace makes one Character of both.
        while let start = rest.unicodeScalars.firstRange(of: "${".unicodeScalars),
            let end = rest.unicodeScalars[start.upperBound...].firstIndex(of: "}")
        {
            let inner = rest.unicodeScalars[start.upperBound..<end]
            let name = inner.prefix { $0 != ":" }
            let tail = inner[name.endIndex...]
            let behind = rest.unicodeScalars.index(after: end)
            if tail.isEmpty || tail.starts(with: ":-".unicodeScalars) {
                result += rest[..<start.lowerBound]
                result += values[String(name)] ?? String(tail.dropFirst(2))
            } else {
                result += rest[..<behind]
            }
            rest = rest[behind...]
        }
        return result + rest
    }
}
