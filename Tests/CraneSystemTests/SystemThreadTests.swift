import CraneSystem
import Synchronization
import Testing

@Suite("Threads of the system")
struct SystemThreadTests {
    @Test("one runs its closure under its name, and joining waits for the end")
    func name() throws {
        let seen = Mutex("")
        let thread = try SystemThread("crane-test") {
            let name = try? FileDescriptor.open("/proc/thread-self/comm", O_RDONLY).read(64)
            seen.withLock { $0 = String(decoding: name ?? [], as: UTF8.self) }
        }
        thread.join()
        #expect(seen.withLock { $0 } == "crane-test\n")
    }

    @Test("one without signals blocks them, and leaves its maker's mask alone")
    func signals() throws {
        func isBlocked() -> Bool {
            var mask = sigset_t()
            unsafe pthread_sigmask(SIG_SETMASK, nil, &mask)
            return unsafe sigismember(&mask, SIGUSR1) == 1
        }
        let before = isBlocked()
        let inside = Mutex(false)
        try SystemThread(signals: false) { inside.withLock { $0 = isBlocked() } }.join()
        #expect(inside.withLock { $0 })
        #expect(isBlocked() == before)
    }
}
