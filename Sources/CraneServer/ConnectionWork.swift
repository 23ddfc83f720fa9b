import CraneHTTP
import CraneLoop

/// What a connection has only while more is under way than a request that came whole and is answered at once.
///
/// Loop's thread only. Made with the first of it and let go of with the last: of ten thousand connections most are idle.
@safe
final class ConnectionWork {
    // As in the connection, there is nothing for run-time exclusivity checks to find.
    /// A head that has not come to its end.
    @safe @exclusivity(unchecked) var partial: PendingHead?
    /// What came while a request was being served.
    @safe @exclusivity(unchecked) var pending: OutputBuffer?
    /// How much of that has been served.
    @safe @exclusivity(unchecked) var pendingOffset = 0
    /// The body that is arriving.
    @safe @exclusivity(unchecked) var body: RequestBodyStream?
    /// What the budget has counted of this connection.
    @safe @exclusivity(unchecked) var counted = 0
    /// Of that, a request whose handler waits, with what came with it.
    @safe @exclusivity(unchecked) var servedBytes = 0
    /// And a response that is going out in pieces.
    @safe @exclusivity(unchecked) var responseBytes = 0
    /// The request whose response is waited for.
    @safe @exclusivity(unchecked) var answering: Request?
    /// The task that serves it, once it has waited.
    @safe @exclusivity(unchecked) var task: Task<Void, Never>?
    /// What has the connection once it has left HTTP.
    @safe @exclusivity(unchecked) var upgraded: UpgradedConnection?
    /// Who waits for the socket to take what was queued.
    var drainWaiters: [UnsafeContinuation<Void, Never>] = unsafe []

    var isOver: Bool {
        guard unsafe drainWaiters.isEmpty, counted == 0, servedBytes == 0, responseBytes == 0 else {
            return false
        }
        return partial == nil && pending == nil && body == nil && answering == nil && task == nil
            && upgraded == nil
    }
}

extension HTTPConnection {
    func begin() -> ConnectionWork {
        if let work { return work }
        let begun = ConnectionWork()
        work = begun
        return begun
    }

    var partial: PendingHead? {
        get { work?.partial }
        set { if newValue != nil || work != nil { begin().partial = newValue } }
    }
    var pending: OutputBuffer? {
        get { work?.pending }
        set { if newValue != nil || work != nil { begin().pending = newValue } }
    }
    var pendingOffset: Int {
        get { work?.pendingOffset ?? 0 }
        set { if newValue != 0 || work != nil { begin().pendingOffset = newValue } }
    }
    var body: RequestBodyStream? {
        get { work?.body }
        set { if newValue != nil || work != nil { begin().body = newValue } }
    }
    var counted: Int {
        get { work?.counted ?? 0 }
        set { if newValue != 0 || work != nil { begin().counted = newValue } }
    }
    var servedBytes: Int {
        get { work?.servedBytes ?? 0 }
        set { if newValue != 0 || work != nil { begin().servedBytes = newValue } }
    }
    var responseBytes: Int {
        get { work?.responseBytes ?? 0 }
        set { if newValue != 0 || work != nil { begin().responseBytes = newValue } }
    }
    var answering: Request? {
        get { work?.answering }
        set { if newValue != nil || work != nil { begin().answering = newValue } }
    }
    var task: Task<Void, Never>? {
        get { work?.task }
        set { if newValue != nil || work != nil { begin().task = newValue } }
    }
    var upgraded: UpgradedConnection? {
        get { work?.upgraded }
        set { if newValue != nil || work != nil { begin().upgraded = newValue } }
    }
}
