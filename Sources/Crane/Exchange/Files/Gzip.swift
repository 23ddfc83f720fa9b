import CZlib
import CraneHTTP
import HTTPTypes

/// Bodies in gzip's format (RFC 1952).
enum Gzip {
    /// All bytes in that format; `nil` when memory is short.
    ///
    /// - Parameter level: from 1, the fastest, to 9, the smallest.
    static func compress(_ bytes: [UInt8], level: Int32 = 9) -> [UInt8]? {
        // The longest that zlib makes of them, and gzip's head and tail.
        var output = [UInt8](repeating: 0, count: Int(compressBound(uLong(bytes.count))) + 18)
        let room = uLong(output.count)
        // Both arrays live for the call, which writes no more than there is room for.
        let count = unsafe crane_gzip(bytes, uLong(bytes.count), &output, room, level)
        return count == 0 ? nil : Array(output.prefix(Int(count)))
    }

    /// Whether gzip is a coding that the client names and does not refuse (RFC 9110, section 12.5.3).
    static func isTaken(by request: Request) -> Bool {
        var isTaken = false
        for list in request.headers.values(.acceptEncoding) {
            for element in list.split(separator: ",") {
                let parts = element.split(separator: ";").map {
                    $0.filter { $0 != " " && $0 != "\t" }.lowercased()
                }
                guard let coding = parts.first, ["gzip", "x-gzip", "*"].contains(coding) else { continue }
                let weight = parts.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2)
                let isRefused = weight.map { (Double($0) ?? 0) == 0 } ?? false
                if coding != "*" { return !isRefused }
                isTaken = !isRefused
            }
        }
        return isTaken
    }
}
