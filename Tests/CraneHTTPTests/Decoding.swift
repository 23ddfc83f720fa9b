import HTTPTypes

@testable import CraneHTTP

/// What became of the bytes given to a chunked decoder.
enum Decoded: Equatable {
    case complete(body: [UInt8], trailers: [String], length: Int)
    case incomplete(body: [UInt8])
    case refused(Int)
    /// The decoder broke its own promise.
    case broken(String)

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
        guard used == part.count else { return .broken("bytes left although the body goes on") }
    }
    return .incomplete(body: body)
}
