import CLibUV

/// Calls back on a loop when the process gets a signal; loop's thread only.
@safe
public final class SignalSource {
    private let loop: EventLoop
    private let received: () -> Void
    private var handle: UnsafeMutablePointer<uv_signal_t>?

    /// Begins to listen for `number`; in its stead the signal's ordinary effect does not happen.
    public init(_ number: Int32, loop: EventLoop, _ received: @escaping () -> Void) throws(UVError) {
        self.loop = loop
        self.received = received
        // Freed in the close callback.
        let handle = UnsafeMutablePointer<uv_signal_t>.allocate(capacity: 1)
        unsafe uv_signal_init(loop.handle, handle)
        // Given back in the close callback.
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        unsafe self.handle = handle
        try unsafe UVError.check(
            uv_signal_start(
                handle,
                { handle, _ in
                    guard let data = unsafe handle?.pointee.data else { return }
                    let source = unsafe Unmanaged<SignalSource>.fromOpaque(data).takeUnretainedValue()
                    source.loop.turn { source.received() }
                }, number))
    }

    /// Stops listening.
    public func close() {
        guard let handle = unsafe handle else { return }
        unsafe self.handle = nil
        unsafe LoopHandle.close(handle)
    }
}

extension SignalSource: ClosableHandle {
    func closeWithLoop() { close() }
}
