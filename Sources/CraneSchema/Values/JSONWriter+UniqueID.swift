import CraneSystem

extension JSONWriter {
    /// Appends a quoted UUID.
    public mutating func uniqueID(_ value: UniqueID) {
        reserve(38)
        byte(0x22)
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 { byte(UInt8(ascii: "-")) }
            let half = index < 16 ? value.high : value.low
            byte(UInt8(truncatingIfNeeded: half >> (60 - index % 16 * 4)).hexDigit)
        }
        byte(0x22)
    }
}
