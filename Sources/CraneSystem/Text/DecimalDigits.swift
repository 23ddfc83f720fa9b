/// Writes numbers as ASCII digits, two at a time, into memory that the caller has made room in.
package enum DecimalDigits {
    /// Bytes that any number takes at most.
    package static let longest = 20

    /// `00` to `99`, one behind the other.
    private static let pairs: StaticString =
        """
        0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
        5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
        """

    /// Writes `value` and returns the number of its digits.
    @inlinable
    @inline(__always)
    package static func write(_ value: UInt64, to room: UnsafeMutableRawPointer) -> Int {
        if value < 10 {
            unsafe room.storeBytes(of: 48 &+ UInt8(truncatingIfNeeded: value), as: UInt8.self)
            return 1
        }
        return unsafe writeLong(value, to: room)
    }

    /// Writes the last `width` digits of `value`, zeros in front.
    package static func write(_ value: UInt64, width: Int, to room: UnsafeMutableRawPointer) {
        var rest = value
        var index = width
        while index > 1 {
            index &-= 2
            unsafe writePair(rest % 100, to: room + index)
            rest /= 100
        }
        if index == 1 {
            unsafe room.storeBytes(of: 48 &+ UInt8(truncatingIfNeeded: rest % 10), as: UInt8.self)
        }
    }

    @usableFromInline
    static func writeLong(_ value: UInt64, to room: UnsafeMutableRawPointer) -> Int {
        var digits = 2
        var limit: UInt64 = 100
        while digits < longest, value >= limit {
            digits &+= 1
            // Past twenty digits the limit is not looked at any more.
            limit &*= 10
        }
        unsafe write(value, width: digits, to: room)
        return digits
    }

    @inline(__always)
    private static func writePair(_ pair: UInt64, to room: UnsafeMutableRawPointer) {
        // The text has two hundred bytes, and `pair` is below a hundred.
        let text = unsafe UnsafeRawPointer(pairs.utf8Start) + Int(truncatingIfNeeded: pair &* 2)
        unsafe room.storeBytes(of: text.loadUnaligned(as: UInt16.self), as: UInt16.self)
    }
}

extension [UInt8] {
    /// Appends `value` in decimal.
    package mutating func append(decimal value: UInt64) {
        append(addingCapacity: DecimalDigits.longest) { digits in
            unsafe digits.withUnsafeMutableBufferPointer { room, count in
                guard let start = UnsafeMutableRawPointer(room.baseAddress) else { return }
                count = unsafe DecimalDigits.write(value, to: start)
            }
        }
    }
}
