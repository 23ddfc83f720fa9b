import CCurl
import CraneLoop
import CraneSystem
import HTTPTypes

/// A client's connections and requests on one loop: libcurl's multi handle, which tells of the sockets and the timer that it waits
/// for (libcurl-multi(3), section "multi_socket"). Loop's thread only.
@safe
final class CurlPool: LoopResident, Flushable, @unchecked Sendable {
    let loop: EventLoop
    private let configuration: HTTPClientConfiguration
    private let curl: UnsafePointer<crane_curl>
    private let ended: @Sendable (EventLoop) -> Void
    private var multi: UnsafeMutableRawPointer?
    private var timer: LoopTimer?
    private var watches: [curl_socket_t: DescriptorWatch] = [:]
    /// The transfers that libcurl has, by the addresses of its handles.
    private var transfers: [UInt: CurlTransfer] = [:]
    private var isFlushDue = false
    private var isFlushing = false

    /// - Parameter ended: called when the loop has ended.
    init(
        _ loop: EventLoop, _ configuration: HTTPClientConfiguration, _ library: CurlLibrary,
        ended: @escaping @Sendable (EventLoop) -> Void
    ) {
        self.loop = loop
        self.configuration = configuration
        unsafe curl = library.functions
        self.ended = ended
    }

    // MARK: Requests

    /// Begins a transfer, which ends by its continuation.
    func start(_ transfer: CurlTransfer) {
        guard !transfer.isCancelled else { return transfer.cancel() }
        guard transfers.count < configuration.maximumRequests else {
            return transfer.fail(.tooManyRequests, "\(transfers.count) requests run or wait")
        }
        guard open() else {
            ended(loop)
            return transfer.cancel()
        }
        guard transfer.prepare(), let easy = unsafe transfer.easy else {
            return transfer.fail(.failed, "libcurl has no memory")
        }
        transfers[UInt(bitPattern: easy)] = transfer
        let code = unsafe curl.pointee.multi_add_handle(multi, easy)
        guard code == CURLM_OK else {
            transfers[UInt(bitPattern: easy)] = nil
            let text = unsafe curl.pointee.multi_strerror(code).map { unsafe String(cString: $0) }
            transfer.fail(.failed, text ?? "libcurl failed")
            return transfer.release()
        }
    }

    /// Gives a transfer up whose task is cancelled.
    func cancel(_ transfer: CurlTransfer) {
        transfer.isCancelled = true
        guard let easy = unsafe transfer.easy, unsafe remove(easy) else { return }
        transfer.cancel()
        transfer.release()
    }

    /// Takes a handle from libcurl; false when it has it no longer.
    @discardableResult
    private func remove(_ easy: UnsafeMutableRawPointer) -> Bool {
        guard transfers.removeValue(forKey: UInt(bitPattern: easy)) != nil else { return false }
        _ = unsafe curl.pointee.multi_remove_handle(multi, easy)
        return true
    }

    // MARK: libcurl

    /// Makes the multi handle with the first request; false when the loop ends, or memory is short.
    private func open() -> Bool {
        if unsafe multi != nil { return true }
        guard loop.admit(self) else { return false }
        guard let multi = unsafe curl.pointee.multi_init() else {
            loop.dismiss(self)
            return false
        }
        unsafe self.multi = multi
        timer = LoopTimer(loop: loop) { [unowned self] in perform(CURL_SOCKET_TIMEOUT, []) }
        // The loop holds this pool as its resident until `close`, which ends libcurl first.
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe crane_curl_multi_set_pointer(curl, multi, CURLMOPT_SOCKETDATA, context)
        unsafe crane_curl_multi_set_socket(curl, multi) { _, socket, wanted, context, _ in
            guard let context = unsafe context else { return -1 }
            return unsafe CurlPool.of(context).watch(socket, wanted) ? 0 : -1
        }
        unsafe crane_curl_multi_set_pointer(curl, multi, CURLMOPT_TIMERDATA, context)
        unsafe crane_curl_multi_set_timer(curl, multi) { _, milliseconds, context in
            guard let context = unsafe context else { return -1 }
            unsafe CurlPool.of(context).setTimer(milliseconds)
            return 0
        }
        let perHost = configuration.maximumConnectionsPerHost
        unsafe crane_curl_multi_set_long(curl, multi, CURLMOPT_MAX_HOST_CONNECTIONS, max(1, perHost))
        let inAll = max(1, configuration.maximumConnections)
        unsafe crane_curl_multi_set_long(curl, multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, inAll)
        // Idle ones that are kept: it would be four times the requests otherwise.
        unsafe crane_curl_multi_set_long(curl, multi, CURLMOPT_MAXCONNECTS, inAll)
        return true
    }

    private static func of(_ context: UnsafeMutableRawPointer) -> CurlPool {
        unsafe Unmanaged<CurlPool>.fromOpaque(context).takeUnretainedValue()
    }

    /// Does as CURLMOPT_SOCKETFUNCTION says; false when the socket cannot be watched.
    private func watch(_ socket: curl_socket_t, _ wanted: Int32) -> Bool {
        guard wanted != CURL_POLL_REMOVE else {
            watches.removeValue(forKey: socket)?.close()
            return true
        }
        guard let watch = watches[socket] ?? newWatch(socket) else { return false }
        var events: DescriptorEvents = []
        if wanted & CURL_POLL_IN != 0 { events.insert(.readable) }
        if wanted & CURL_POLL_OUT != 0 { events.insert(.writable) }
        watch.want(events)
        return true
    }

    private func newWatch(_ socket: curl_socket_t) -> DescriptorWatch? {
        let watch = try? DescriptorWatch(socket, loop: loop) { [unowned self] events in
            perform(socket, events)
        }
        watches[socket] = watch
        return watch
    }

    /// Does as CURLMOPT_TIMERFUNCTION says, which may not call libcurl from here.
    private func setTimer(_ milliseconds: Int) {
        if milliseconds < 0 {
            timer?.stop()
        } else if milliseconds == 0 {
            // Once for all requests that begin in this turn; in the next one when libcurl asks for it again.
            timer?.stop()
            if isFlushing {
                loop.execute { [self] in flush() }
            } else if !isFlushDue {
                isFlushDue = true
                loop.flushAfterDrain(self)
            }
        } else {
            timer?.set(milliseconds: UInt64(milliseconds))
        }
    }

    func flush() {
        isFlushDue = false
        isFlushing = true
        perform(CURL_SOCKET_TIMEOUT, [])
        isFlushing = false
    }

    /// Has libcurl go on, and ends what it has ended.
    private func perform(_ socket: curl_socket_t, _ events: DescriptorEvents) {
        guard let multi = unsafe multi else { return }
        var mask: Int32 = 0
        if events.contains(.readable) { mask |= CURL_CSELECT_IN }
        if events.contains(.writable) { mask |= CURL_CSELECT_OUT }
        var running: Int32 = 0
        _ = unsafe curl.pointee.multi_socket_action(multi, socket, mask, &running)
        var waiting: Int32 = 0
        while let message = unsafe curl.pointee.multi_info_read(multi, &waiting) {
            // The message goes with the handle.
            let (kind, easy, code) = unsafe (
                message.pointee.msg, message.pointee.easy_handle, message.pointee.data.result
            )
            guard kind == CURLMSG_DONE, let easy = unsafe easy else { continue }
            guard let transfer = transfers[UInt(bitPattern: easy)] else { continue }
            transfer.finish(code)
            unsafe remove(easy)
            transfer.release()
        }
    }

    // MARK: End

    /// Closes all connections; who still waits is cancelled.
    func close() {
        guard let multi = unsafe multi else { return }
        for transfer in transfers.values { cancel(transfer) }
        unsafe self.multi = nil
        // Closes connections, and so its watches, by the callbacks above.
        _ = unsafe curl.pointee.multi_cleanup(multi)
        for watch in watches.values { watch.close() }
        watches = [:]
        timer?.close()
        timer = nil
        loop.dismiss(self)
    }

    func loopEnds() {
        close()
        ended(loop)
    }
}
