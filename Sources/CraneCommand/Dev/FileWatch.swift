import CraneService
import CraneSystem
import Foundation

/// Tells of changes below folders, and of single files, by inotify(7): once for all that comes within a tenth of a second.
///
/// All but `init` happens on its queue.
final class FileWatch: @unchecked Sendable {
    private static let mask = UInt32(IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)
    private static let folderLimit = 4096
    private static let quiet = DispatchTimeInterval.milliseconds(100)
    private static let patience = Duration.seconds(1)

    private let file: FileDescriptor
    private let queue = DispatchQueue(label: "crane.watch")
    private let source: any DispatchSourceRead
    private let changed: @Sendable (Set<String>) -> Void
    /// The folder of each watch, and the names in it that count; `nil` for all, those below too.
    private var folders: [Int32: (url: URL, names: Set<String>?)] = [:]
    private var pending: Set<String> = []
    private var begun: ContinuousClock.Instant?
    private var batch = 0

    /// - Parameters:
    ///   - folders: whatever is below them counts, but hidden files and what editors keep for themselves.
    ///   - files: count alone in their folders; they need not be there yet.
    ///   - changed: is told the paths.
    /// - Throws: when there is too much to be watched.
    init(
        folders: [URL], files: [URL], changed: @escaping @Sendable (Set<String>) -> Void
    ) throws(StartError) {
        do {
            file = try FileDescriptor(inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK)))
        } catch {
            throw StartError("files cannot be watched: \(error)")
        }
        source = DispatchSource.makeReadSource(fileDescriptor: file.number, queue: queue)
        self.changed = changed
        for (folder, names) in Dictionary(grouping: files, by: { $0.deletingLastPathComponent().path }) {
            try add(
                URL(filePath: folder, directoryHint: .isDirectory), names: Set(names.map(\.lastPathComponent))
            )
        }
        for folder in folders { try addAll(below: folder) }
        source.setEventHandler { [weak self] in self?.read() }
        // The descriptor is closed behind the source's last look at it.
        source.setCancelHandler { withExtendedLifetime(self) {} }
        source.activate()
    }

    /// Nothing is told any more; the watch stays until then.
    func end() { source.cancel() }

    private func add(_ folder: URL, names: Set<String>? = nil) throws(StartError) {
        guard folders.count < Self.folderLimit else {
            throw StartError("there are more than \(Self.folderLimit) folders to be watched")
        }
        // The path is a C string for the length of the call.
        let watch = unsafe inotify_add_watch(file.number, folder.path, Self.mask)
        guard watch >= 0 else {
            // It has gone meanwhile; who removed it is told of by its own folder.
            if errno == ENOENT || errno == ENOTDIR { return }
            throw StartError("\(folder.path) cannot be watched: \(SystemError(errno))")
        }
        // A folder that is watched whole stays so.
        if let known = folders[watch], known.names == nil { return }
        folders[watch] = (folder, names)
    }

    private func addAll(below folder: URL) throws(StartError) {
        try add(folder)
        let content = try? FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: [.isDirectoryKey])
        for url in content ?? [] where Self.counts(url.lastPathComponent) {
            if (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true {
                try addAll(below: url)
            }
        }
    }

    private static func counts(_ name: String) -> Bool {
        !name.hasPrefix(".") && !name.hasSuffix("~") && name != "4913"
    }

    private func read() {
        while let bytes = try? file.read(64 << 10), !bytes.isEmpty { take(bytes) }
        guard !pending.isEmpty else { return }
        if begun == nil { begun = .now }
        batch += 1
        queue.asyncAfter(deadline: .now() + Self.quiet) { [weak self, batch] in self?.tell(batch) }
    }

    /// Tells what has come, unless more has come since, for a second at most.
    private func tell(_ batch: Int) {
        guard let begun, batch == self.batch || begun.duration(to: .now) > Self.patience else { return }
        let paths = pending
        (pending, self.begun) = ([], nil)
        changed(paths)
    }

    /// Reads events: the watch, what has happened, a number, the length of the name and the name (inotify(7)).
    private func take(_ bytes: [UInt8]) {
        func word(_ at: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
        }
        var at = 0
        while at + 16 <= bytes.count {
            let (watch, event, length) = (Int32(bitPattern: word(at)), word(at + 4), Int(word(at + 12)))
            let name = String(
                decoding: bytes[(at + 16)..<min(at + 16 + length, bytes.count)].prefix { $0 != 0 },
                as: UTF8.self)
            at += 16 + length
            if event & UInt32(IN_Q_OVERFLOW) != 0 { pending.insert("many files") }
            if event & UInt32(IN_IGNORED) != 0 { folders[watch] = nil }
            guard let folder = folders[watch], !name.isEmpty else { continue }
            if let names = folder.names, !names.contains(name) { continue }
            if folder.names == nil, !Self.counts(name) { continue }
            let url = folder.url.appending(path: name)
            if event & UInt32(IN_ISDIR) != 0 {
                // A folder of a single file's is not gone into; too many of the others were refused at the start.
                if folder.names == nil { try? addAll(below: url) }
            } else if event & UInt32(IN_CREATE) != 0 {
                // It is told of when it is whole.
                continue
            }
            pending.insert(url.path)
        }
    }
}
