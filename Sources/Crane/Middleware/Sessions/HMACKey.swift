/// A secret that signs bytes by HMAC-SHA256 (RFC 2104).
package struct HMACKey: Sendable {
    /// What has come of the key's own block, which stands before each message and before each digest.
    private let inner: SHA256
    private let outer: SHA256

    /// - Parameter secret: of any length; one that is longer than a block counts by its hash.
    package init(_ secret: [UInt8]) {
        var key = secret.count > SHA256.block ? SHA256.digest(secret) : secret
        key += Array(repeating: 0, count: SHA256.block - key.count)
        inner = SHA256(after: key.map { $0 ^ 0x36 })
        outer = SHA256(after: key.map { $0 ^ 0x5C })
    }

    /// The 32 bytes that sign `message`.
    package func tag(_ message: [UInt8]) -> [UInt8] { outer.digest(inner.digest(message)) }

    /// Whether `tag` signs `message`, in a time that does not tell where the two differ.
    func isTag(_ tag: some Collection<UInt8>, of message: [UInt8]) -> Bool {
        Self.areEqual(tag, self.tag(message))
    }

    /// Whether both are the same bytes, in a time that tells nothing but whether they are as many.
    ///
    /// - Parameters:
    ///   - left: what has come.
    ///   - right: what it should be.
    package static func areEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        left.count == right.count && zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// SHA-256 (FIPS 180-4), as far as whole blocks have come.
package struct SHA256: Sendable {
    /// Bytes that are hashed at a time.
    static let block = 64

    /// Section 5.3.3 at the start.
    private var state = SIMD8<UInt32>(
        0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19
    )
    /// Bytes that have come.
    private var count = 0

    private init() {}

    /// - Parameter first: one block.
    init(after first: [UInt8]) { mix(first, at: 0) }

    /// The 32 bytes of the digest.
    package static func digest(_ message: [UInt8]) -> [UInt8] { SHA256().digest(message) }

    /// The digest of what has come and a last message.
    func digest(_ message: [UInt8]) -> [UInt8] {
        var whole = self
        let end = message.count / Self.block * Self.block
        for start in stride(from: 0, to: end, by: Self.block) { whole.mix(message, at: start) }
        // Section 5.1.1: a one, zeros, and the count of bits.
        var last: [UInt8] = []
        last.reserveCapacity(2 * Self.block)
        last += message[end...]
        last.append(0x80)
        while last.count % Self.block != 56 { last.append(0) }
        let bits = UInt64(count + message.count) * 8
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            last.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
        for start in stride(from: 0, to: last.count, by: Self.block) { whole.mix(last, at: start) }
        return whole.bytes
    }

    private var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for index in 0..<8 {
            for shift in stride(from: UInt32(24), through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: state[index] >> shift))
            }
        }
        return bytes
    }

    /// The 64 words of a block (section 6.2.2, step 1).
    private static func schedule(_ bytes: [UInt8], _ start: Int) -> InlineArray<64, UInt32> {
        var words = InlineArray<64, UInt32>(repeating: 0)
        for index in 0..<16 {
            let place = start + 4 * index
            words[index] =
                UInt32(bytes[place]) << 24 | UInt32(bytes[place + 1]) << 16 | UInt32(bytes[place + 2]) << 8
                | UInt32(bytes[place + 3])
        }
        for index in 16..<64 {
            let (early, late) = (words[index - 15], words[index - 2])
            let first = early.rotated(7) ^ early.rotated(18) ^ early >> 3
            let second = late.rotated(17) ^ late.rotated(19) ^ late >> 10
            words[index] = words[index - 16] &+ first &+ words[index - 7] &+ second
        }
        return words
    }

    /// Section 6.2.2, steps 2 to 4, for the block that begins at `start`.
    private mutating func mix(_ block: [UInt8], at start: Int) {
        let words = Self.schedule(block, start)
        let constants = Self.constants
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<64 {
            let choice = (e & f) ^ (~e & g)
            let first = h &+ (e.rotated(6) ^ e.rotated(11) ^ e.rotated(25)) &+ choice
            let sum = first &+ constants[index] &+ words[index]
            let majority = (a & b) ^ (a & c) ^ (b & c)
            let second = (a.rotated(2) ^ a.rotated(13) ^ a.rotated(22)) &+ majority
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ sum, c, b, a, sum &+ second)
        }
        state &+= SIMD8(a, b, c, d, e, f, g, h)
        count += Self.block
    }

    /// Section 4.2.2.
    private static let constants: [UInt32] = [
        0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4,
        0xAB1C_5ED5, 0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE,
        0x9BDC_06A7, 0xC19B_F174, 0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F,
        0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA, 0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7,
        0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967, 0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC,
        0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85, 0xA2BF_E8A1, 0xA81A_664B,
        0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070, 0x19A4_C116,
        0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
        0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7,
        0xC671_78F2,
    ]
}

extension UInt32 {
    /// Rotated to the right.
    fileprivate func rotated(_ count: UInt32) -> UInt32 { self >> count | self << (32 - count) }
}
