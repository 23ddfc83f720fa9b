import Synchronization

/// How long a route's responses are, so that the next one's buffer need not grow while it is written.
@usableFromInline
final class SizeHint: Sendable {
    // Any loop may write it: a stale value costs a copy at worst.
    private let bytes = Atomic<Int>(0)

    @usableFromInline
    init() {}

    /// Room for a response as long as the last, and a little more.
    @usableFromInline
    var capacity: Int { bytes.load(ordering: .relaxed) }

    /// Keeps the length where it has grown, and forgets lengths that are far above what is needed now.
    @usableFromInline
    func note(_ count: Int) {
        let known = bytes.load(ordering: .relaxed)
        if count > known || count < known / 4 {
            bytes.store(count + count / 8 + 64, ordering: .relaxed)
        }
    }
}
