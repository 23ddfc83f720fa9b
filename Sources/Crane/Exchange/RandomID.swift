import Synchronization

/// Makes ids for requests, traces and boundaries: a counter from a random start, mixed so that neighbours look unrelated.
enum RandomID {
    private static let counter = Atomic<UInt64>(.random(in: 0...UInt64.max))

    /// 16 hexadecimal digits, different at each call in this process.
    static func next() -> String {
        let (value, _) = counter.wrappingAdd(1, ordering: .relaxed)
        let bits = mixed(value)
        let digits = (0..<16).map { index in
            let nibble = UInt8(truncatingIfNeeded: bits >> UInt64(60 - 4 * index)) & 15
            return nibble < 10 ? 48 + nibble : 87 + nibble
        }
        return String(decoding: digits, as: UTF8.self)
    }
}

/// SplitMix64's finaliser: a bijection whose every output bit depends on every input bit.
func mixed(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
}
