package import Foundation
import Synchronization

/// What a process goes on saying, read on a thread of its own so that its pipe never fills.
///
/// No `readabilityHandler`: its handle is closed while libdispatch still waits for it, and where a process begun meanwhile has
/// inherited the pipe, an event comes for what has been freed.
package final class DrainedOutput: Sendable {
    private let state = Mutex((text: Data(), isKept: false))
    private let ended = DispatchSemaphore(value: 0)

    package init(_ handle: FileHandle) {
        Thread.detachNewThread { [self] in
            while true {
                let data = handle.availableData
                guard !data.isEmpty else { break }
                state.withLock { if $0.isKept { $0.text.append(data) } }
            }
            ended.signal()
        }
    }

    /// Keeps what comes from now on.
    package func keep() { state.withLock { $0.isKept = true } }

    /// What was kept, once the process has ended; waits for that, and may be called once.
    package func rest() -> String {
        ended.wait()
        return state.withLock { String(decoding: $0.text, as: UTF8.self) }
    }
}
