/// How far a client has come, as it says it: `EPOCH-SEQ`, or a bare number, which means the present epoch.
struct FeedPosition: Hashable, Sendable {
    /// `nil` for the present one.
    var epoch: String?
    /// The number of the last event that it has had.
    var sequence: Int

    init(epoch: String?, sequence: Int) {
        self.epoch = epoch
        self.sequence = sequence
    }

    /// `nil` for what is no position.
    init?(_ text: String) {
        let digits = text.utf8.lastIndex(of: 0x2D).map { text[text.utf8.index(after: $0)...] } ?? text[...]
        guard (1...18).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let sequence = Int(digits)
        else { return nil }
        self.sequence = sequence
        if digits.utf8.count < text.utf8.count {
            epoch = String(text.utf8.dropLast(digits.utf8.count + 1)) ?? ""
        }
    }

    var text: String { epoch.map { "\($0)-\(sequence)" } ?? "\(sequence)" }
}
