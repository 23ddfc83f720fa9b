/// The names of a statement's columns or parameters.
///
/// They are usually asked for in the order in which they stand, or one of them time and again: such a look-up is a comparison or two.
struct StatementNames {
    let all: [String]
    /// The place of the one that was asked for last.
    private var last = -1

    init(_ all: [String]) {
        self.all = all
    }

    mutating func place(of name: String) -> Int? {
        let next = last + 1 < all.count ? last + 1 : 0
        if next < all.count, all[next] == name {
            last = next
        } else if last < 0 || all[last] != name {
            guard let place = all.firstIndex(of: name) else { return nil }
            last = place
        }
        return last
    }
}
