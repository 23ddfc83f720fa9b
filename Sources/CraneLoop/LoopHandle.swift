import CLibUV

/// Life of a libuv handle whose memory and whose reference to its owner, in `data`, are given back in the close callback.
enum LoopHandle {
    /// Closes the handle: it calls nothing more, and its owner and memory go in a later step of the loop.
    static func close<Handle>(_ handle: UnsafeMutablePointer<Handle>) {
        // Every handle begins as a uv_handle_t does.
        unsafe UnsafeMutableRawPointer(handle).withMemoryRebound(to: uv_handle_t.self, capacity: 1) {
            handle in
            unsafe uv_close(handle) { handle in
                guard let handle = unsafe handle else { return }
                if let data = unsafe handle.pointee.data {
                    unsafe Unmanaged<AnyObject>.fromOpaque(data).release()
                }
                unsafe UnsafeMutableRawPointer(handle).deallocate()
            }
        }
    }
}
