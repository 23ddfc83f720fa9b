import CraneHTTP
import Testing

@Suite("UTF-8 that comes in pieces")
struct UTF8ValidatorTests {
    /// Where the validator says no: the count of bytes it had seen; `nil` for never.
    private static func refusal(_ bytes: [UInt8]) -> (seen: Int?, isComplete: Bool) {
        var validator = UTF8Validator()
        for (index, byte) in bytes.enumerated() {
            let isAccepted = unsafe [byte].withUnsafeBytes { unsafe validator.accept($0) }
            if !isAccepted { return (index + 1, false) }
        }
        return (nil, validator.isComplete)
    }

    private static func accepts(_ bytes: [UInt8]) -> Bool {
        var validator = UTF8Validator()
        return unsafe bytes.withUnsafeBytes { unsafe validator.accept($0) } && validator.isComplete
    }

    /// Bytes at every boundary of RFC 3629's table.
    private static let edges: [UInt8] = [
        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
        0xEE,
        0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ]

    @Test("is what the standard library takes for UTF-8")
    func agrees() {
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                let bytes = [first, second]
                #expect(Self.accepts(bytes) == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
            }
        }
        for first in Self.edges {
            for second in Self.edges {
                for third in Self.edges {
                    for fourth in Self.edges {
                        let bytes = [first, second, third, fourth]
                        let expected = String(validating: bytes, as: UTF8.self) != nil
                        #expect(Self.accepts(bytes) == expected, "\(bytes)")
                        let (seen, isComplete) = Self.refusal(bytes)
                        #expect((seen == nil && isComplete) == expected, "\(bytes)")
                    }
                }
            }
        }
    }

    @Test("is refused at the first byte that cannot be")
    func failsFast() {
        let cases: [([UInt8], Int?)] = [
            ([0x61, 0xFF], 2), ([0xC0], 1), ([0xC1], 1), ([0xE0, 0x9F], 2), ([0xED, 0xA0], 2),
            ([0xF0, 0x8F], 2),
            ([0xF4, 0x90], 2), ([0xF5], 1), ([0xE1, 0x80, 0xC0], 3), ([0x80], 1), ([0xF0, 0x9F, 0x98], nil),
        ]
        for (bytes, seen) in cases { #expect(Self.refusal(bytes).seen == seen, "\(bytes)") }
    }

    @Test("is found behind eight and more plain bytes")
    func runs() {
        for count in 0...40 {
            let plain = [UInt8](repeating: 0x61, count: count)
            #expect(Self.accepts(plain))
            #expect(Self.accepts(plain + Array("é".utf8) + plain))
            #expect(!Self.accepts(plain + [0xFF] + plain))
            #expect(!Self.accepts(plain + [0xC3]))
        }
    }
}
