import HTTPTypes
import Testing

@testable import HTTPWire

/// What became of the bytes given to a chunked decoder.
enum Decoded: Equatable {
    case complete(body: [UInt8], trailers: [String], length: Int)
    case incomplete(body: [UInt8])
    case refused(Int)

    var body: String? {
        if case .complete(let body, _, _) = self { String(decoding: body, as: UTF8.self) } else { nil }
    }

    var trailers: [String]? {
        if case .complete(_, let trailers, _) = self { trailers } else { nil }
    }

    var status: Int? {
        if case .refused(let status) = self { status } else { nil }
    }
}

/// Gives `parts` to a decoder one after the other.
func decode(_ parts: [ArraySlice<UInt8>], limits: WireLimits = WireLimits()) -> Decoded {
    var decoder = ChunkedDecoder(limits: limits)
    var body: [UInt8] = []
    var before = 0
    for part in parts {
        // A copy of exactly the part's size, so that a read past its end is one that a sanitizer sees.
        let copy = Array(part)
        var status: Int?
        let used: Int = unsafe copy.withUnsafeBytes { bytes in
            do throws(WireError) {
                return try unsafe decoder.decode(bytes) { unsafe body.append(contentsOf: $0) }
            } catch {
                status = error.status
                return 0
            }
        }
        if let status { return .refused(status) }
        before += used
        if decoder.isComplete {
            let trailers = decoder.trailers.map { "\($0.name): \($0.value)" }
            return .complete(body: body, trailers: trailers, length: before)
        }
        #expect(used == part.count)
    }
    return .incomplete(body: body)
}

/// Decodes `text` whole, at every split in two, and byte by byte, and expects the same each time.
func decodeAtEverySplit(
    _ text: String, limits: WireLimits = WireLimits(), sourceLocation: SourceLocation = #_sourceLocation
) -> Decoded {
    let bytes = latin1(text)
    let whole = decode([bytes[...]], limits: limits)
    for split in 0...bytes.count {
        let parts = decode([bytes[..<split], bytes[split...]], limits: limits)
        #expect(parts == whole, "split at \(split)", sourceLocation: sourceLocation)
    }
    let single = decode(bytes.indices.map { bytes[$0...$0] }, limits: limits)
    #expect(single == whole, "byte by byte", sourceLocation: sourceLocation)
    return whole
}
