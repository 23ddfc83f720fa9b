import CraneSystem

/// How far a time zone's clocks are ahead of UTC, and when, as the system's time zone database has it.
struct ZoneRules: Hashable, Sendable {
    /// From when on, in seconds since 1970, so many seconds.
    struct Change: Hashable, Sendable {
        let time: Int
        let offset: Int
    }

    private let changes: [Change]
    /// Before the first of them.
    private let first: Int
    /// Behind the last of them.
    private let rest: ZoneFooter?

    /// A zone of the database; `UTC` needs none.
    static func named(_ name: String) throws(CronError) -> ZoneRules {
        if name == "UTC" { return ZoneRules(changes: [], first: 0, rest: nil) }
        let isName =
            !name.isEmpty && !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"),
                    UInt8(ascii: "-"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
        guard isName else { throw CronError("\"\(name)\" is no time zone's name, such as Africa/Kampala") }
        let bytes: [UInt8]?
        do {
            let file = try FileDescriptor.open("/usr/share/zoneinfo/" + name, O_RDONLY)
            bytes = try file.readToEnd(limit: 1 << 20)
        } catch {
            throw CronError("there is no time zone \(name) in /usr/share/zoneinfo: \(error)")
        }
        guard let bytes, let rules = ZoneRules(bytes) else {
            throw CronError("/usr/share/zoneinfo/\(name) is no time zone's file")
        }
        return rules
    }

    private init(changes: [Change], first: Int, rest: ZoneFooter?) {
        (self.changes, self.first, self.rest) = (changes, first, rest)
    }

    /// Reads a file of RFC 9636, of version 2 or later.
    init?(_ bytes: [UInt8]) {
        var reader = ZoneReader(bytes)
        // The numbers of 32 bits come first, for who reads no others.
        guard let old = reader.header(), old.version >= UInt8(ascii: "2"), reader.skip(old.length(of: 4)),
            let header = reader.header(), header.types > 0
        else { return nil }
        guard let times = reader.numbers(header.times, of: 8), let kinds = reader.bytes(header.times),
            let types = reader.types(header.types)
        else { return nil }
        let rest = header.characters + header.leaps * 12 + header.standards + header.universals
        guard reader.skip(rest), let footer = reader.footer() else { return nil }
        var changes: [Change] = []
        for (time, kind) in zip(times, kinds) {
            guard Int(kind) < types.count else { return nil }
            changes.append(Change(time: time, offset: types[Int(kind)]))
        }
        guard zip(changes, changes.dropFirst()).allSatisfy({ $0.time < $1.time }) else { return nil }
        self.changes = changes
        first = types[0]
        if footer.isEmpty {
            self.rest = nil
        } else {
            guard let rule = ZoneFooter(footer) else { return nil }
            self.rest = rule
        }
    }

    /// Seconds that the zone's clocks are ahead of UTC.
    func offset(at time: Int) -> Int {
        guard let last = changes.last else { return rest?.offset(at: time) ?? first }
        if time >= last.time { return rest?.offset(at: time) ?? last.offset }
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : changes[low - 1].offset
    }

    /// The times at which the clocks show this one: one as a rule, two when they are put back, none in a gap.
    func times(ofClock wall: Int) -> [Int] {
        let offset = offset(at: wall)
        if isSteady(at: wall - offset) { return [wall - offset] }
        let offsets = Set(stride(from: -24, through: 24, by: 6).map { self.offset(at: wall + $0 * 3600) })
        return offsets.map { wall - $0 }.filter { wall - self.offset(at: $0) == $0 }.sorted()
    }

    /// Whether clocks are not changed a day before or after.
    func isSteady(at time: Int) -> Bool {
        let offset = offset(at: time)
        return offset == self.offset(at: time - 86_400) && offset == self.offset(at: time + 86_400)
    }

    /// The moment at which clocks jump over this time.
    func endOfGap(at wall: Int) -> Int {
        let before = offset(at: wall - 86_400)
        // By the old clocks it would be later than the jump; by the new ones earlier.
        var (low, high) = (wall - 2 * 86_400, wall - before)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if middle + offset(at: middle) > wall { high = middle } else { low = middle }
        }
        return high
    }
}

/// Reads the parts of a time zone's file.
private struct ZoneReader {
    struct Header {
        let version: UInt8
        let universals, standards, leaps, times, types, characters: Int

        /// Bytes of the data behind it, with times of so many bytes.
        func length(of time: Int) -> Int {
            times * (time + 1) + types * 6 + characters + leaps * (time + 4) + standards + universals
        }
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func skip(_ count: Int) -> Bool { bytes(count) != nil }

    /// Whole numbers with their sign.
    mutating func numbers(_ count: Int, of width: Int) -> [Int]? {
        guard let bytes = bytes(count * width) else { return nil }
        return (0..<count).map { place in
            let number = bytes.dropFirst(place * width).prefix(width)
            let first = Int(Int8(bitPattern: number[number.startIndex]))
            return number.dropFirst().reduce(first) { $0 << 8 | Int($1) }
        }
    }

    mutating func header() -> Header? {
        guard let magic = bytes(4), Array(magic) == Array("TZif".utf8), let version = bytes(1)?.first,
            skip(15),
            let counts = numbers(6, of: 4), counts.allSatisfy({ 0..<100_000 ~= $0 })
        else { return nil }
        return Header(
            version: version, universals: counts[0], standards: counts[1], leaps: counts[2], times: counts[3],
            types: counts[4], characters: counts[5])
    }

    /// The offset of each type.
    mutating func types(_ count: Int) -> [Int]? {
        var offsets: [Int] = []
        for _ in 0..<count {
            guard let offset = numbers(1, of: 4), skip(2) else { return nil }
            offsets.append(offset[0])
        }
        return offsets
    }

    /// The text between two line feeds.
    mutating func footer() -> String? {
        guard bytes(1)?.first == UInt8(ascii: "\n"), let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
            return nil
        }
        return String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
    }
}
