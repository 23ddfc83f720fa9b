// What the standard library normalises text by, and Foundation too; it has no public name there.
@_spi(_Unicode) import Swift

extension String {
    /// The text in NFC, as names and passwords are kept and compared (RFC 8265, sections 3.4.2 and 4.2.2): the same letters are
    /// typed as other code points on other systems.
    package var composed: String { utf8.allSatisfy { $0 < 0x80 } ? self : String(scalars: _nfc) }

    /// The text in NFC and, where that is another, in NFD: names and passwords were once kept as they had been typed.
    package var spellings: [String] {
        let composed = composed
        let decomposed = composed.utf8.allSatisfy { $0 < 0x80 } ? composed : String(scalars: composed._nfd)
        return composed.utf8.elementsEqual(decomposed.utf8) ? [composed] : [composed, decomposed]
    }

    private init(scalars: some Sequence<Unicode.Scalar>) {
        self.init()
        for scalar in scalars { unicodeScalars.append(scalar) }
    }
}
