import CQREncode

/// A QR code (ISO/IEC 18004) of a text, in the smallest version that holds it.
///
/// Its error correction is level M: it is read with up to 15 % of it covered. Made by libqrencode, within a millisecond.
struct QRCode: Hashable, Sendable {
    /// The light modules around it that readers need (section 6.3.8).
    static let quietZone = 4

    /// Modules from side to side, without the quiet zone.
    let width: Int
    /// Row by row.
    private let isDark: [Bool]

    /// `nil` for a text that no code holds: an empty one, one with a NUL, or one over 2,331 bytes.
    init?(_ text: String) {
        guard !text.utf8.contains(0) else { return nil }
        // The symbol is ours until it is freed; its data has a byte for each module.
        guard let symbol = unsafe QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1) else { return nil }
        defer { unsafe QRcode_free(symbol) }
        width = unsafe Int(symbol.pointee.width)
        let modules = unsafe UnsafeBufferPointer(start: symbol.pointee.data, count: width * width)
        // The lowest bit is the colour, the others tell what a module is for (qrencode.h).
        isDark = unsafe modules.map { $0 & 1 == 1 }
    }

    /// Whether a module is dark; the quiet zone and beyond are light.
    subscript(row: Int, column: Int) -> Bool {
        0..<width ~= row && 0..<width ~= column && isDark[row * width + column]
    }

    /// The code with its quiet zone as a document of SVG 1.1, black on white whatever is around it; some 4 KB.
    ///
    /// - Parameter label: what it says to those who do not see it.
    func svg(label: String) -> String {
        let side = width + 2 * Self.quietZone
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(side) \(side)" shape-rendering="crispEdges" \
            role="img" aria-label="\(Self.escaped(label))"><path fill="#fff" d="M0 0h\(side)v\(side)H0z"/>\
            <path fill="#000" d="\(path)"/></svg>
            """
    }

    /// The dark modules as an SVG path, a rectangle for each run of them in a row.
    private var path: String {
        var path = ""
        for row in 0..<width {
            var column = 0
            while column < width {
                let start = column
                while self[row, column] { column += 1 }
                let run = column - start
                if run > 0 { path += "M\(start + Self.quietZone) \(row + Self.quietZone)h\(run)v1h-\(run)z" }
                column += 1
            }
        }
        return path
    }

    /// A text as it may stand in a quoted attribute of XML.
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
    }
}
