/// FNV-1a over bytes: tells states of a text apart, and nothing that somebody could forge.
struct ContentHash {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    /// The hash so far, in hexadecimal.
    var text: String { String(state, radix: 16) }
}
