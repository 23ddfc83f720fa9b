import Testing

@testable import CraneHTTP

@Suite("The output buffer")
struct OutputBufferTests {
    @Test("grows as it is appended to")
    func growth() {
        let output = OutputBuffer(capacity: 1)
        output.append(UInt8(0x61))
        output.append("bc" as StaticString)
        output.append(String("d\u{E9}"))
        output.append([0x66, 0x67] as [UInt8])
        output.append(decimal: 120)
        output.append(hexadecimal: 0xBEEF)
        #expect(output.text == "abcd\u{E9}fg120beef")
        #expect(output.count == 15)
        #expect(output.allocated >= 15)
        for _ in 0..<1000 { output.append("0123456789" as StaticString) }
        #expect(output.count == 10015)
        #expect(output.text.hasSuffix("0123456789"))
    }

    @Test("writes numbers as they are written elsewhere")
    func numbers() {
        for value in [0, 1, 9, 10, 11, 99, 100, 12345, 1 << 32, UInt64(Int64.max), .max - 1, .max] as [UInt64]
        {
            let output = OutputBuffer(capacity: 1)
            output.append(decimal: value)
            output.append(" ")
            output.append(hexadecimal: value)
            #expect(output.text == "\(value) \(String(value, radix: 16))")
        }
    }

    @Test("forgets its end or all of it")
    func truncation() {
        let output = OutputBuffer()
        output.append("hello" as StaticString)
        output.truncate(to: 2)
        #expect(output.text == "he")
        output.truncate(to: 10)
        #expect(output.count == 2)
        output.removeAll()
        #expect(output.isEmpty)
    }
}
