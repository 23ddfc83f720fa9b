import CraneSystem
import Testing

@Suite("Numbers as digits")
struct DecimalDigitsTests {
    @Test("of any length")
    func anyLength() {
        var values: [UInt64] = [0, .max, .max - 1]
        var power: UInt64 = 1
        for _ in 0..<20 {
            values += [power - 1, power, power + 1]
            power &*= 10
        }
        for value in values {
            var text: [UInt8] = [120]
            text.append(decimal: value)
            #expect(text == Array("x\(value)".utf8))
        }
    }

    @Test("all of three digits")
    func threeDigits() {
        for value in 0..<1000 as Range<UInt64> {
            var text: [UInt8] = []
            text.append(decimal: value)
            #expect(text == Array("\(value)".utf8))
        }
    }

    @Test("with zeros in front, the last digits where there is no room", arguments: 1...7)
    func width(_ width: Int) {
        for value in [0, 7, 42, 999, 123_456] as [UInt64] {
            let text = unsafe [UInt8](unsafeUninitializedCapacity: width) { room, count in
                if let room = room.baseAddress {
                    unsafe DecimalDigits.write(value, width: width, to: room)
                    count = width
                }
            }
            let all = String(repeating: "0", count: 7) + "\(value)"
            #expect(text == Array(all.utf8.suffix(width)))
        }
    }
}
