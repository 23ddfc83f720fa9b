// Asks a server so many times, as a handler does, and ends: client-requests URL COUNT AT-ONCE.
import Crane
import CraneClient
import CraneLoop
import Synchronization

let arguments = CommandLine.arguments
guard arguments.count == 4, let count = Int(arguments[2]), let atOnce = Int(arguments[3]) else {
    fatalError("client-requests URL COUNT AT-ONCE")
}
let url = arguments[1]

var configuration = HTTPClientConfiguration()
configuration.addresses = .any
let client = HTTPClient(configuration)
let left = Atomic<Int>(count)
let loop = try EventLoop.shared()
await withCheckedContinuation { continuation in
    let running = Atomic<Int>(atOnce)
    loop.execute {
        for _ in 0..<atOnce {
            loop.startTask {
                while left.subtract(1, ordering: .relaxed).oldValue > 0 {
                    do {
                        let response = try await client.get(url)
                        guard response.status == .ok, !response.body.isEmpty else {
                            fatalError("\(response)")
                        }
                    } catch {
                        fatalError("\(error)")
                    }
                }
                if running.subtract(1, ordering: .relaxed).newValue == 0 { continuation.resume() }
            }
        }
    }
}
