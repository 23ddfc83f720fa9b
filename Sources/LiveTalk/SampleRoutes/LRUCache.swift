/// Values by key, of which those used last are kept: one more than there is room for takes the place of the one unused for longest.
///
/// Each call costs some hash look-ups, however many are kept.
struct LRUCache<Key: Hashable, Value> {
    private struct Entry {
        var key: Key
        var value: Value
        /// The entries used next before and after it; `none` at the ends.
        var older: Int
        var newer: Int
    }

    private static var none: Int { -1 }

    private let room: Int
    private var places: [Key: Int] = [:]
    /// In no order of their own.
    private var entries: [Entry] = []
    private var oldest = none
    private var newest = none

    /// - Parameter room: how many are kept, at least 1.
    init(room: Int) {
        precondition(room >= 1)
        self.room = room
    }

    var count: Int { entries.count }

    /// The value of `key`; looking does not count as use.
    subscript(key: Key) -> Value? { places[key].map { entries[$0].value } }

    /// Keeps `value`, as the one used last.
    mutating func use(_ key: Key, _ value: Value) {
        let place: Int
        if let known = places[key] {
            place = known
            detach(place)
        } else if entries.count < room {
            place = entries.count
            entries.append(Entry(key: key, value: value, older: Self.none, newer: Self.none))
            places[key] = place
        } else {
            place = oldest
            places[entries[place].key] = nil
            places[key] = place
            entries[place].key = key
            detach(place)
        }
        entries[place].value = value
        attach(place)
    }

    private mutating func detach(_ place: Int) {
        let (older, newer) = (entries[place].older, entries[place].newer)
        if older == Self.none { oldest = newer } else { entries[older].newer = newer }
        if newer == Self.none { newest = older } else { entries[newer].older = older }
    }

    /// Makes it the newest.
    private mutating func attach(_ place: Int) {
        entries[place].older = newest
        entries[place].newer = Self.none
        if newest == Self.none { oldest = place } else { entries[newest].newer = place }
        newest = place
    }
}
