import CraneSystem

extension JSONWriter {
    /// Appends a quoted time in UTC, always with six fraction digits: `"2026-11-22T10:27:46.435673Z"`.
    ///
    /// Times outside `Timestamp.range` are written as the nearest end of it.
    public mutating func timestamp(_ value: Timestamp) {
        reserve(32)
        // All that is stored here is reserved: 29 bytes, and three behind them that are written over.
        let start = unsafe UnsafeMutableRawPointer(base + count)
        setCount(count + 29)
        // Most rows were never changed, and have two times that are one.
        if value == writtenTime {
            unsafe start.storeBytes(of: writtenTimeText, as: SIMD32<UInt8>.self)
            return
        }
        let range = Timestamp.range
        let clamped = min(max(value, range.lowerBound), range.upperBound).microseconds
        var second = clamped / 1_000_000
        var fraction = clamped % 1_000_000
        if fraction < 0 {
            fraction += 1_000_000
            second -= 1
        }
        var day = second / 86_400
        var rest = second % 86_400
        if rest < 0 {
            rest += 86_400
            day -= 1
        }
        // The rows of a list are mostly of one day.
        if day != writtenDay {
            writtenDay = day
            writtenDate = Self.text(of: CalendarDate(daysSince1970: day))
        }
        // The quote and eleven bytes of the date, the time of day and the Z, the quote.
        unsafe start.storeBytes(of: writtenDate, as: SIMD16<UInt8>.self)
        // `00:00:00`, and `.000000Z`.
        unsafe start.storeBytes(
            of: UInt64(littleEndian: 0x3030_3A30_303A_3030), toByteOffset: 12, as: UInt64.self)
        unsafe start.storeBytes(
            of: UInt64(littleEndian: 0x5A30_3030_3030_302E), toByteOffset: 20, as: UInt64.self)
        unsafe start.storeBytes(of: UInt8(ascii: "\""), toByteOffset: 28, as: UInt8.self)
        func pair(_ offset: Int, _ value: Int) {
            unsafe start.storeBytes(of: Self.digits(of: value), toByteOffset: offset, as: UInt16.self)
        }
        pair(12, rest / 3600)
        pair(15, rest / 60 % 60)
        pair(18, rest % 60)
        pair(21, fraction / 10_000)
        pair(23, fraction / 100 % 100)
        pair(25, fraction % 100)
        writtenTime = value
        unsafe writtenTimeText = start.loadUnaligned(as: SIMD32<UInt8>.self)
    }

    /// `"2026-11-22T`, and four bytes that are written over.
    private static func text(of date: CalendarDate) -> SIMD16<UInt8> {
        var text = SIMD16<UInt8>(repeating: UInt8(ascii: "-"))
        text[0] = UInt8(ascii: "\"")
        func pair(_ place: Int, _ value: Int) {
            text[place] = 0x30 &+ UInt8(truncatingIfNeeded: value / 10)
            text[place + 1] = 0x30 &+ UInt8(truncatingIfNeeded: value % 10)
        }
        pair(1, date.year / 100)
        pair(3, date.year % 100)
        pair(6, date.month)
        pair(9, date.day)
        text[11] = UInt8(ascii: "T")
        return text
    }

    /// The two digits of a number from 0 to 99, in the order of memory.
    @inline(__always)
    private static func digits(of value: Int) -> UInt16 {
        let pairs: StaticString =
            """
            00010203040506070809101112131415161718192021222324\
            25262728293031323334353637383940414243444546474849\
            50515253545556575859606162636465666768697071727374\
            75767778798081828384858687888990919293949596979899
            """
        // The table has two digits for each.
        return unsafe UnsafeRawPointer(pairs.utf8Start + 2 * value).loadUnaligned(as: UInt16.self)
    }
}
