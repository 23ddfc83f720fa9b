import CraneSchema
import Testing

@Suite("UUIDs")
struct UniqueIDTests {
    @Test("are written in lower case with hyphens")
    func form() {
        let value = UniqueID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
        #expect(value.description == "01234567-89ab-cdef-fedc-ba9876543210")
        #expect(UniqueID(value.description) == value)
        #expect(UniqueID("{01234567-89AB-CDEF-FEDC-BA9876543210}") == value)
        #expect(UniqueID("0123456789abcdeffedcba987654321") == nil)
    }

    @Test("made at random are of version 4 and differ")
    func random() {
        let values = (0..<100).map { _ in UniqueID() }
        #expect(Set(values).count == 100)
        for value in values {
            #expect(value.high >> 12 & 15 == 4)
            #expect(value.low >> 62 == 2)
        }
    }
}
