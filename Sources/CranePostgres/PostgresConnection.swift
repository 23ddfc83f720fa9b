import CPostgres
import CraneLoop

/// A connection of a pool in libpq's pipeline mode: the statements of a loop's turn leave in one write, behind one Sync. Loop's thread only.
///
/// One Sync for all: of the statements between two Syncs those behind one that fails are not carried out. They are sent again,
/// behind a Sync each.
@safe
final class PostgresConnection: Flushable, @unchecked Sendable {
    /// What an answer is for, in the order in which the server gives them.
    enum Expected {
        /// That a statement has been prepared, for the request behind it.
        case preparation(String, PostgresRequest)
        case request(PostgresRequest)
        /// The end of a transaction, which is that of a write.
        case sync(PostgresRequest?)
    }

    let loop: EventLoop
    let session: PostgresSession
    /// Told of the connection's end, with the requests that were not answered; again for what is sent afterwards.
    let ended: (PostgresConnection, PostgresError, [PostgresRequest]) -> Void
    /// Told when there is room for more.
    let hasRoom: () -> Void
    var watch: DescriptorWatch?
    var statements: PreparedStatements
    var expected: [Expected] = []
    /// The first of them that has not come.
    var head = 0
    private var isFlushDue = false
    var isSyncDue = false
    /// Requests that are not answered.
    var waiting = 0
    /// Writes that are not committed.
    var writes = 0
    /// Whether a transaction has the connection, which gives it back.
    var isLent = false
    /// Whether a transaction has it, or statements are not answered.
    var isTaken: Bool { isLent || waiting > 0 }
    /// When the oldest expected answer must have come, in the loop's milliseconds.
    var answerDue: UInt64 = .max
    let patience: UInt64

    /// Takes a session that has connected.
    ///
    /// - Parameters:
    ///   - patience: milliseconds without any answer after which the server counts as gone.
    ///   - hasRoom: called when something that was sent has been answered.
    ///   - ended: called when the connection can be used no more, unless by `close`.
    init(
        _ session: PostgresSession, loop: EventLoop, patience: UInt64,
        hasRoom: @escaping () -> Void,
        ended: @escaping (PostgresConnection, PostgresError, [PostgresRequest]) -> Void
    ) throws(PostgresError) {
        self.session = session
        statements = PreparedStatements(keepsStatements: !session.isPooled)
        self.loop = loop
        self.patience = patience
        self.hasRoom = hasRoom
        self.ended = ended
        try session.beginPipeline()
        do {
            watch = try DescriptorWatch(unsafe crane_PQsocket(session.handle), loop: loop) {
                [unowned self] events in
                becameReady(events)
            }
        } catch {
            throw PostgresError(.unavailable, message: "the connection cannot be watched: \(error)")
        }
        watch?.want(.readable)
    }

    // MARK: Sending

    /// Sends a statement at the end of this turn; a write at once, as a transaction of its own.
    func send(_ request: PostgresRequest) {
        for query in request.before { send(PostgresRequest(query, .part, following: request)) }
        guard watch != nil, let name = prepare(request), execute(name, request.query) else {
            return fail(lost, [request])
        }
        expect(.request(request))
        waiting += 1
        if request.mode == .write {
            writes += 1
            sync(for: request)
        } else {
            isSyncDue = true
        }
        flushSoon()
    }

    /// The statement's name, which has been sent before it where it is new; `nil` when libpq takes no more.
    private func prepare(_ request: PostgresRequest) -> String? {
        let query = request.query
        let (name, isNew) = statements.name(of: query)
        guard isNew else { return name }
        let types = query.parameters.types
        // libpq copies the texts and the types.
        guard
            unsafe crane_PQsendPrepare(session.handle, name, query.text, Int32(clamping: types.count), types)
                == 1
        else { return nil }
        expect(.preparation(name, request))
        return name
    }

    private func execute(_ name: String, _ query: PostgresQuery) -> Bool {
        let parameters = query.parameters
        let count = parameters.count
        return unsafe parameters.bytes.withUnsafeBufferPointer { bytes in
            unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
                var start = 0
                // NULL is a parameter's absence, and an empty value is none: any other address does for it.
                let base = unsafe UnsafeRawPointer(bytes.baseAddress) ?? UnsafeRawPointer(values.baseAddress)
                for (place, length) in parameters.lengths.enumerated() {
                    unsafe values.initializeElement(
                        at: place,
                        to: length < 0
                            ? nil : base.map { unsafe ($0 + start).assumingMemoryBound(to: CChar.self) })
                    start += Int(max(length, 0))
                }
                return unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) { formats in
                    // Binary, as the results.
                    unsafe formats.initialize(repeating: 1)
                    return unsafe name.withCString { name in
                        unsafe crane_PQsendQueryPrepared(
                            session.handle, name, Int32(clamping: count), values.baseAddress,
                            parameters.lengths, formats.baseAddress, 1) == 1
                    }
                }
            }
        }
    }

    private func expect(_ answer: Expected) {
        if head == expected.count { answerDue = loop.now &+ patience }
        expected.append(answer)
    }

    /// Ends the statements before it as a transaction, where none was begun.
    func sync(for request: PostgresRequest?) {
        isSyncDue = false
        guard unsafe crane_PQpipelineSync(session.handle) == 1 else { return fail(lost) }
        expect(.sync(request))
    }

    private func flushSoon() {
        guard !isFlushDue else { return }
        isFlushDue = true
        loop.flushAfterDrain(self)
    }

    /// Once a turn, when every task that was ready has run.
    func flush() {
        isFlushDue = false
        guard watch != nil else { return }
        if isSyncDue { sync(for: nil) }
        flushOutput()
    }

    func flushOutput() {
        guard let watch else { return }
        let left = unsafe crane_PQflush(session.handle)
        if left < 0 { return fail(lost) }
        // While it cannot be written to it must be read, or both ends wait for each other (libpq's manual, section 34.4).
        watch.want(left > 0 ? [.readable, .writable] : .readable)
    }

    // MARK: End

    /// Ends the connection when no answer has come for too long; and reads what TLS holds back, of which no socket tells.
    func look(at now: UInt64) {
        guard watch != nil, head < expected.count else { return }
        if now >= answerDue {
            return fail(PostgresError(.tooLong, message: "the server does not answer"))
        }
        guard unsafe crane_PQconsumeInput(session.handle) == 1 else { return fail(lost) }
        takeAnswers()
    }

    /// Ends the connection, with this error for those who wait.
    func fail(_ error: PostgresError, _ again: [PostgresRequest] = []) {
        let left = again + requests()
        if watch == nil, left.isEmpty { return }
        close()
        ended(self, error, left)
    }

    /// The requests that are not answered.
    private func requests() -> [PostgresRequest] {
        expected[head...].compactMap { answer in
            switch answer {
            case .request(let request): request.isOver ? nil : request
            // Its statement was answered, its commit was not.
            case .sync(let request): request.flatMap { $0.isOver || $0.rows == nil ? nil : $0 }
            case .preparation: nil
            }
        }
    }

    /// Ends the connection; who waits is not told.
    func close() {
        watch?.close()
        watch = nil
        expected = []
        head = 0
    }
}
