/// A text compared by its code points: Swift's `String` takes canonically equivalent spellings for equal, JSON and HTTP do not.
///
/// For keys of dictionaries and sets that hold what clients send.
package struct Spelling: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package static func == (left: Spelling, right: Spelling) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var text = text
        // The string's bytes live for the call.
        text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
