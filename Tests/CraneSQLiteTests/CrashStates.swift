import TestSupport

/// What the disk may hold when the power fails at one moment of a recorded run.
///
/// A write that was not synced may have reached the disk wholly, in some of its sectors, or not at all, whatever
/// came of those before and after it. A synced one is there. SQLite takes for granted that a write harms no byte
/// beside it (https://sqlite.org/psow.html), and so does this.
struct CrashStates {
    /// The files that are there, by path.
    typealias Files = [String: [UInt8]]

    /// Which of the writes that were not synced have reached the disk.
    enum Choice: CaseIterable {
        case none, all, prefix, some, sectors, newest
    }

    private static let sectorBytes = 512

    private(set) var answers: Set<Int> = []
    private var durable: Files = [:]
    private var pending: [RecordingDisk.Event] = []

    /// How many changes have not been synced.
    var pendingCount: Int { pending.count }

    /// Goes on to the moment after this event.
    mutating func advance(_ event: RecordingDisk.Event) {
        switch event {
        case .create(let path):
            // The log's first sync brings the directory along, and the file's name with it.
            if durable[path] == nil {
                durable[path] = []
            }
        case .write, .truncate:
            pending.append(event)
        case .sync(let path):
            for event in pending where event.path == path {
                Self.apply(event, to: &durable)
            }
            pending.removeAll { $0.path == path }
        case .delete(let path):
            pending.removeAll { $0.path == path }
            durable[path] = nil
        case .answer(let number):
            answers.insert(number)
        }
    }

    /// One of the states that are legal now.
    func state(_ choice: Choice, using random: inout SplitMix) -> Files {
        var files = durable
        let cut = Int.random(in: 0...pending.count, using: &random)
        for (index, event) in pending.enumerated() {
            switch choice {
            case .none: break
            case .all: Self.apply(event, to: &files)
            case .prefix where index < cut: Self.apply(event, to: &files)
            case .some where Bool.random(using: &random): Self.apply(event, to: &files)
            case .sectors: Self.applySectors(of: event, to: &files, using: &random)
            case .newest where index == pending.count - 1: Self.apply(event, to: &files)
            case .prefix, .some, .newest: break
            }
        }
        return files
    }

    private static func apply(_ event: RecordingDisk.Event, to files: inout Files) {
        switch event {
        case .write(let path, let offset, let bytes):
            write(bytes[...], at: offset, to: &files[path, default: []])
        case .truncate(let path, let size):
            if let count = files[path]?.count, count > size {
                files[path]?.removeLast(count - size)
            }
        case .create, .sync, .delete, .answer:
            break
        }
    }

    /// Applies some of the sectors of a write, at random.
    private static func applySectors(
        of event: RecordingDisk.Event, to files: inout Files, using random: inout SplitMix
    ) {
        guard case .write(let path, let offset, let bytes) = event else {
            apply(event, to: &files)
            return
        }
        var start = 0
        while start < bytes.count {
            // Up to the end of the sector that this byte of the file lies in.
            let end = min(bytes.count, start + sectorBytes - (offset + start) % sectorBytes)
            if Bool.random(using: &random) {
                write(bytes[start..<end], at: offset + start, to: &files[path, default: []])
            }
            start = end
        }
    }

    private static func write(_ bytes: ArraySlice<UInt8>, at offset: Int, to file: inout [UInt8]) {
        let missing = offset + bytes.count - file.count
        if missing > 0 {
            file += [UInt8](repeating: 0, count: missing)
        }
        // Many times faster than `replaceSubrange` in a debug build.
        unsafe file.withUnsafeMutableBytes { file in
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe UnsafeMutableRawBufferPointer(rebasing: file[offset...]).copyMemory(from: bytes)
            }
        }
    }
}

extension RecordingDisk.Event {
    fileprivate var path: String? {
        switch self {
        case .create(let path), .sync(let path), .delete(let path), .write(let path, _, _),
            .truncate(let path, _):
            path
        case .answer: nil
        }
    }
}
