import Crane

extension Listed {
    /// So much goes to the socket at once: some tens of microseconds of the loop's time.
    private static var piece: Int { 64 << 10 }

    /// An answer of JSON; a long one goes out piece by piece, and the loop has a turn in between.
    init(json: [UInt8], on loop: any LoopServices) {
        var response = Response.json(json)
        if json.count > 2 * Self.piece {
            response.body = ResponseBody(length: json.count) { writer in
                for start in stride(from: 0, to: json.count, by: Self.piece) {
                    try await writer.write(Array(json[start..<min(start + Self.piece, json.count)]))
                    try await loop.sleep(for: .zero)
                }
            }
        }
        self.init(response)
    }
}
