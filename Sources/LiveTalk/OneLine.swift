/// A text as it is written where it must not leave its line: control characters are escaped as in Swift (`\\n`, `\\u{1B}`).
enum OneLine {
    static func text(_ text: String) -> String {
        text.unicodeScalars.contains(where: escapes)
            ? text.unicodeScalars.map { escapes($0) ? $0.escaped(asASCII: true) : String($0) }.joined() : text
    }

    /// Whether it moves the cursor, ends a line or turns the direction of what follows.
    static func escapes(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: scalar.properties.isBidiControl
        }
    }
}
