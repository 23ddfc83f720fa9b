extension JSONWriter {
    /// Appends a quoted ISO 8601 duration to the microsecond, `"P1DT2H3M4.5S"`, in years of 365 days as pydantic does it.
    public mutating func duration(_ value: Duration) {
        let isNegative = value < .zero
        let (seconds, attoseconds) = (isNegative ? .zero - value : value).components
        let microseconds = Int(attoseconds / 1_000_000_000_000)
        byte(0x22)
        if isNegative, seconds > 0 || microseconds > 0 { byte(UInt8(ascii: "-")) }
        byte(UInt8(ascii: "P"))
        let (days, rest) = Int(seconds).quotientAndRemainder(dividingBy: 86_400)
        quantity(days / 365, "Y")
        quantity(days % 365, "D")
        if rest > 0 || microseconds > 0 || days == 0 {
            byte(UInt8(ascii: "T"))
            quantity(rest / 3600, "H")
            quantity(rest % 3600 / 60, "M")
            if rest % 60 > 0 || microseconds > 0 || seconds == 0 {
                integer(rest % 60)
                fraction(microseconds)
                byte(UInt8(ascii: "S"))
            }
        }
        byte(0x22)
    }

    private mutating func quantity(_ value: Int, _ unit: Unicode.Scalar) {
        guard value > 0 else { return }
        integer(value)
        byte(UInt8(ascii: unit))
    }

    /// The millionths behind the dot, without the zeros at their end; nothing for none.
    private mutating func fraction(_ millionths: Int) {
        guard millionths > 0 else { return }
        byte(UInt8(ascii: "."))
        var (rest, place) = (millionths, 100_000)
        while rest > 0 {
            byte(0x30 &+ UInt8(truncatingIfNeeded: rest / place))
            rest %= place
            place /= 10
        }
    }
}
