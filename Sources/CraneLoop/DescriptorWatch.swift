import CLibUV

/// What a watched descriptor is ready for, or is to be watched for.
package struct DescriptorEvents: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let readable = DescriptorEvents(rawValue: 1)
    package static let writable = DescriptorEvents(rawValue: 2)
}

/// Tells when a socket or pipe of another library can be read or written, as poll(2) has it; loop's thread only.
///
/// The descriptor stays the library's, which closes it after `close` only. One that is left with more to be read is told of
/// again in the next turn.
@safe
package final class DescriptorWatch {
    private let loop: EventLoop
    private let ready: (DescriptorEvents) -> Void
    private var handle: UnsafeMutablePointer<uv_poll_t>?
    /// What is told of, none at first.
    private var wanted: DescriptorEvents = []

    /// Prepares to watch; nothing is told of before `want`.
    ///
    /// - Parameter ready: called inside a turn of the loop, and with all that is wanted when the descriptor has failed, which
    ///   the library then finds out by its own call.
    /// - Throws: for what cannot be polled (a file), and for a descriptor that this loop tells somebody else of.
    package init(
        _ descriptor: Int32, loop: EventLoop, _ ready: @escaping (DescriptorEvents) -> Void
    ) throws(UVError) {
        assert(loop.isCurrent)
        self.loop = loop
        self.ready = ready
        // Freed in the close callback.
        let handle = UnsafeMutablePointer<uv_poll_t>.allocate(capacity: 1)
        let result = unsafe uv_poll_init(loop.handle, handle, descriptor)
        guard result == 0 else {
            // A handle that was not made is not in the loop.
            unsafe handle.deallocate()
            throw UVError(code: result)
        }
        // Given back in the close callback.
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        unsafe self.handle = handle
    }

    /// Asks to be told of `events` from now on, of none with `[]`; costs nothing when they are what they were.
    package func want(_ events: DescriptorEvents) {
        guard events != wanted else { return }
        wanted = events
        start()
    }

    private func start() {
        guard let handle = unsafe handle else { return }
        guard !wanted.isEmpty else {
            _ = unsafe uv_poll_stop(handle)
            return
        }
        let readable = wanted.contains(.readable) ? Int32(UV_READABLE.rawValue) : 0
        let writable = wanted.contains(.writable) ? Int32(UV_WRITABLE.rawValue) : 0
        _ = unsafe uv_poll_start(handle, readable | writable) { handle, status, events in
            guard let data = unsafe handle?.pointee.data else { return }
            unsafe Unmanaged<DescriptorWatch>.fromOpaque(data)._withUnsafeGuaranteedRef { watch in
                watch.loop.turn { watch.becameReady(status, events) }
            }
        }
    }

    private func becameReady(_ status: Int32, _ events: Int32) {
        guard status == 0 else {
            // libuv stops a handle that has failed (uv__poll_io), and poll(2) would say it again.
            ready(wanted)
            return start()
        }
        var given: DescriptorEvents = []
        if events & Int32(UV_READABLE.rawValue) != 0 { given.insert(.readable) }
        if events & Int32(UV_WRITABLE.rawValue) != 0 { given.insert(.writable) }
        ready(given)
    }

    /// Ends the watch: nothing more is told, and the library may close its descriptor as soon as this returns.
    package func close() {
        guard let handle = unsafe handle else { return }
        unsafe self.handle = nil
        unsafe LoopHandle.close(handle)
    }
}

extension DescriptorWatch: ClosableHandle {
    func closeWithLoop() { close() }
}
