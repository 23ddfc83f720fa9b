import CraneSystem

extension JSONWriter {
    /// Appends a quoted time in UTC, always with six fraction digits: `"2026-11-22T10:27:46.435673Z"`.
    ///
    /// Times outside `Timestamp.range` are written as the nearest end of it.
    public mutating func timestamp(_ value: Timestamp) {
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
        let date = CalendarDate(daysSince1970: day)
        reserve(29)
        // All 29 bytes are reserved: the quotes, 19 of date and time, the dot, six digits, the Z.
        let start = unsafe base + count
        let pairs: StaticString =
            """
            00010203040506070809101112131415161718192021222324\
            25262728293031323334353637383940414243444546474849\
            50515253545556575859606162636465666768697071727374\
            75767778798081828384858687888990919293949596979899
            """
        func pair(_ offset: Int, _ value: Int) {
            // `value` is from 0 to 99.
            let digits = unsafe UnsafeRawPointer(pairs.utf8Start + 2 * value).loadUnaligned(as: UInt16.self)
            unsafe UnsafeMutableRawPointer(start).storeBytes(
                of: digits, toByteOffset: offset, as: UInt16.self)
        }
        let form: StaticString = "\"0000-00-00T00:00:00.000000Z\""
        unsafe start.update(from: form.utf8Start, count: 29)
        pair(1, date.year / 100)
        pair(3, date.year % 100)
        pair(6, date.month)
        pair(9, date.day)
        pair(12, rest / 3600)
        pair(15, rest / 60 % 60)
        pair(18, rest % 60)
        pair(21, fraction / 10_000)
        pair(23, fraction / 100 % 100)
        pair(25, fraction % 100)
        setCount(count + 29)
    }
}
