import CraneServer
import CraneService
import CraneSystem
import Foundation

/// Builds a program, starts it, and does both again at each change, until SIGINT, SIGTERM or SIGHUP.
///
/// While there is no program to be started, its address answers with the reason.
actor DevSession {
    private enum Event {
        case changed(Set<String>)
        case ended(run: Int, status: Int32)
        case stopped
    }

    private let builder: PackageBuilder
    private let arguments: [String]
    private let events: AsyncStream<Event>
    private let tell: AsyncStream<Event>.Continuation
    private var executable: String?
    private var watch: FileWatch?
    private var program: RunningProgram?
    /// Counts starts: the end of one that is no more means nothing.
    private var run = 0
    private var page: Server?
    private var address: ProgramAddress

    init(builder: PackageBuilder, arguments: [String]) {
        self.builder = builder
        self.arguments = arguments
        address = ProgramAddress(arguments: arguments)
        // The newest count: many changes ask for one build.
        (events, tell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
    }

    func run() async throws {
        guard FileManager.default.fileExists(atPath: builder.package.appending(path: "Package.swift").path)
        else {
            throw StartError("\(builder.package.path): there is no package in this folder")
        }
        let signals = handleSignals()
        defer { for signal in signals { signal.cancel() } }
        var changes: Set<String> = []
        say("building; the first time takes minutes")
        while true {
            try await rebuild(after: changes)
            guard let next = await nextChanges() else { break }
            changes = next
        }
        watch?.end()
        await program?.end()
        await endPage()
    }

    /// Waits for changes; `nil` when it is time to end.
    private func nextChanges() async -> Set<String>? {
        for await event in events {
            switch event {
            case .changed(let paths): return paths
            case .stopped: return nil
            case .ended(let run, let status) where run == self.run:
                guard let ended = program else { continue }
                address = ended.address ?? address
                program = nil
                let title = "The program has ended with the status \(status)"
                say("\(title.lowercasedFirst); it is started again after a change")
                await show(FailurePage(title: title, text: ended.lastWords))
            case .ended: continue
            }
        }
        return nil
    }

    /// Builds, and puts what came of it in the place of what was there.
    private func rebuild(after changes: Set<String>) async throws {
        let begun = ContinuousClock.now
        let what = summary(of: changes)
        if executable == nil || changes.contains(where: { $0.hasSuffix("/Package.swift") }) {
            switch try await builder.contents() {
            case .failure(let failure):
                // Before the first success nothing is known of what to watch.
                if watch == nil { try watchManifest() }
                return await fail(what, failure.text)
            case .success(let contents):
                executable = try builder.executable(of: contents)
                watch?.end()
                watch = try FileWatch(folders: contents.folders, files: contents.files) { [tell] paths in
                    tell.yield(.changed(paths))
                }
            }
        }
        guard let executable else { return }
        switch try await builder.build(executable) {
        case .failed(let text): await fail(what, text)
        case .built(let file):
            let isFirst = run == 0
            await endPage()
            if let old = program {
                address = old.address ?? address
                program = nil
                run += 1
                await old.end()
            }
            run += 1
            let seconds = (begun.duration(to: .now) / .seconds(0.1)).rounded() / 10
            say("\(what)built in \(seconds) s, \(isFirst ? "started" : "restarted")")
            program = try RunningProgram(file, arguments) { [tell, run] status in
                tell.yield(.ended(run: run, status: status))
            }
        }
    }

    private func watchManifest() throws {
        watch = try FileWatch(folders: [], files: [builder.package.appending(path: "Package.swift")]) {
            [tell] in
            tell.yield(.changed($0))
        }
    }

    /// Tells of a failure, here and at the program's address.
    private func fail(_ what: String, _ text: String) async {
        // A build that was ended by Ctrl-C has nothing to say.
        if isStopping { return }
        say("\(what)not built\n\(text)")
        if let old = program {
            address = old.address ?? address
            program = nil
            run += 1
            await old.end()
        }
        await show(FailurePage(title: "The program does not compile", text: text))
    }

    private func show(_ failure: FailurePage) async {
        await endPage()
        do {
            page = try failure.serve(on: address)
        } catch {
            say("the page that says so cannot be shown: \(error)")
        }
    }

    private func endPage() async {
        guard let page else { return }
        self.page = nil
        page.shutdown()
        // Browsers that keep their connections are not waited for.
        page.shutdown()
        await page.waitUntilStopped()
    }

    private var isStopping = false

    private func stop() {
        isStopping = true
        builder.cancel()
        tell.yield(.stopped)
    }

    /// Ctrl-C reaches this program alone: what it has started is in groups of its own.
    private nonisolated func handleSignals() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM, SIGHUP].map { number in
            _ = signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { Task { await self.stop() } }
            source.activate()
            return source
        }
    }

    private func summary(of changes: Set<String>) -> String {
        let root = builder.package.path + "/"
        let names = changes.map { $0.hasPrefix(root) ? String($0.dropFirst(root.count)) : $0 }.sorted()
        guard let first = names.first else { return "" }
        return names.count == 1 ? "\(first): " : "\(first) and \(names.count - 1) more: "
    }

    private func say(_ text: String) { StandardStreams.writeError("crane: \(text)\n") }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
