import CraneHTTP
import CraneSystem
import HTTPTypes

/// A form in which a body is sent instead of its plain one (RFC 9110, section 8.4.1), the best first.
enum ContentCoding: Int, CaseIterable, Sendable {
    case zstd
    case brotli
    case gzip
    case deflate

    /// As `Content-Encoding` names it.
    var name: String {
        switch self {
        case .zstd: "zstd"
        case .brotli: "br"
        case .gzip: "gzip"
        case .deflate: "deflate"
        }
    }

    /// What the names of files of that form end in.
    var suffix: String {
        switch self {
        case .zstd: ".zst"
        case .brotli: ".br"
        case .gzip: ".gz"
        case .deflate: ".zz"
        }
    }

    /// How Crane makes it; `nil` for what it only sends.
    func format(bits: Int32 = 15) -> DeflateFormat? {
        switch self {
        case .gzip: .gzip(bits: bits)
        case .deflate: .zlib(bits: bits)
        case .zstd, .brotli: nil
        }
    }

    /// All bytes in that form; `nil` when memory is short, or where Crane does not make it.
    ///
    /// - Parameter level: from 1, the fastest, to 9, the smallest.
    func compress(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        guard let format = format() else { return nil }
        let deflater = Deflater.take(format, level: level)
        defer { deflater.giveBack() }
        return deflater.compressed(bytes, .end)
    }
}

/// Which codings a client takes: its `Accept-Encoding` (RFC 9110, section 12.5.3).
///
/// Costs a look at the fields, and no allocation.
struct AcceptedCodings {
    /// Thousandths for each coding, behind them those of `identity` and `*`; -1 for what is not named.
    private var weights: (Int16, Int16, Int16, Int16, Int16, Int16) = (-1, -1, -1, -1, -1, -1)

    init(_ request: Request) {
        _ = request.visitListBackwards(.acceptEncoding) { element in
            // The last first: of a coding that is named twice, the first stands in the end.
            note(element)
            return true
        }
    }

    /// The coding with the most weight among those offered, the first of several; `nil` where the plain form has more, or none is
    /// taken.
    func best(of offered: [ContentCoding]) -> ContentCoding? {
        var best: ContentCoding?
        // The plain form is taken unless it is refused, and weighs nothing unless that is said.
        var most: Int16 = max(1, weights.4)
        for coding in offered {
            let weight = weight(of: coding)
            if weight > most || weight == most && best == nil { (best, most) = (coding, weight) }
        }
        return best
    }

    private func weight(of coding: ContentCoding) -> Int16 {
        let own =
            switch coding {
            case .zstd: weights.0
            case .brotli: weights.1
            case .gzip: weights.2
            case .deflate: weights.3
            }
        return own >= 0 ? own : weights.5
    }

    private mutating func note(_ element: Span<UInt8>) {
        let end = element.firstIndex(of: UInt8(ascii: ";"))
        let name = element.extracting(first: end ?? element.count).withoutBlanks
        guard name.count <= 8 else { return }
        let weight = end.map { AcceptedCodings.weight(element.extracting(droppingFirst: $0 + 1)) } ?? 1000
        // So short a text is no allocation.
        switch name.text.loweredASCII {
        case "zstd": weights.0 = weight
        case "br": weights.1 = weight
        case "gzip", "x-gzip": weights.2 = weight
        case "deflate": weights.3 = weight
        case "identity": weights.4 = weight
        case "*": weights.5 = weight
        default: break
        }
    }

    /// `q=0.5` in thousandths (RFC 9110, section 12.4.2); what is none refuses.
    private static func weight(_ parameter: Span<UInt8>) -> Int16 {
        let text = parameter.withoutBlanks
        guard text.count >= 3, text[0] | 0x20 == UInt8(ascii: "q"), text[1] == UInt8(ascii: "=") else {
            return 0
        }
        var (value, unit): (Int16, Int16) = (0, 1000)
        for index in 2..<text.count {
            if index == 3 {
                guard text[3] == UInt8(ascii: ".") else { return 0 }
                continue
            }
            let digit = Int16(text[index]) - 48
            guard 0...9 ~= digit, index < 7 else { return 0 }
            value += digit * unit
            unit /= 10
        }
        return value <= 1000 ? value : 0
    }
}
