import CraneSystem
import Testing

@Suite("Base64")
struct Base64Tests {
    @Test(
        "encodes the vectors of RFC 4648, section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ])
    func vectors(_ plain: String, _ text: String) {
        let bytes = Array(plain.utf8)
        #expect(Base64.encode(bytes) == text)
        #expect(Base64.encodeForURL(bytes) == text.filter { $0 != "=" })
        #expect(Base64.decode(text) == bytes)
        #expect(Base64.isText(text, ofBytes: bytes.count))
    }

    @Test("has two digits of its own for URLs")
    func alphabets() {
        #expect(Base64.encode([0xFB, 0xFF, 0xBF]) == "+/+/")
        #expect(Base64.encodeForURL([0xFB, 0xFF, 0xBF]) == "-_-_")
        #expect(Base64.decode("+/+/") == [0xFB, 0xFF, 0xBF])
    }

    @Test("reads what Python reads, and refuses what it refuses")
    func leniency() {
        #expect(Base64.decode("Zm-9v\n") == Array("foo".utf8))
        #expect(Base64.decode("Zg==Zg") == Array("f".utf8))
        for text in ["Zg", "Z", "Zg=", "é"] { #expect(Base64.decode(text) == nil) }
    }

    @Test("knows the text of so many bytes")
    func form() {
        #expect(Base64.isText("dGhlIHNhbXBsZSBub25jZQ==", ofBytes: 16))
        for text in [
            "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZ===", "dGhlIHNhbXBsZSBub25j-Q==", "AAAA",
        ] {
            #expect(!Base64.isText(text, ofBytes: 16))
        }
    }
}
