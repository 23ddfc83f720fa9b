import CPostgres
import CraneLoop

// What comes back, in the order in which it was asked for.
extension PostgresConnection {
    func becameReady(_ events: DescriptorEvents) {
        if events.contains(.readable) {
            guard unsafe crane_PQconsumeInput(session.handle) == 1 else { return fail(lost) }
            takeAnswers()
        }
        if events.contains(.writable) { flushOutput() }
    }

    func takeAnswers() {
        var again: [PostgresRequest] = []
        var end: PostgresError?
        var isSilent = false
        while end == nil, head < expected.count, unsafe crane_PQisBusy(session.handle) == 0 {
            guard let result = unsafe crane_PQgetResult(session.handle) else {
                // NULL stands between the answers of two statements; twice in a row there is nothing.
                if isSilent { break }
                isSilent = true
                continue
            }
            isSilent = false
            answerDue = loop.now &+ patience
            end = unsafe take(result, &again)
        }
        if head == expected.count {
            expected.removeAll(keepingCapacity: true)
            head = 0
            answerDue = .max
        } else if head > 1024 {
            expected.removeFirst(head)
            head = 0
        }
        if let end { return fail(end, again) }
        guard unsafe crane_PQstatus(session.handle) == CONNECTION_OK else { return fail(lost, again) }
        for request in again {
            send(request)
            if isSyncDue { sync(for: nil) }
        }
        hasRoom()
    }

    /// Takes an answer; what it is, when that ends the connection.
    private func take(_ result: OpaquePointer, _ again: inout [PostgresRequest]) -> PostgresError? {
        let status = unsafe crane_PQresultStatus(result)
        if status == PGRES_PIPELINE_SYNC {
            unsafe crane_PQclear(result)
            guard case .sync(let write) = expected[head] else { return outOfStep }
            head += 1
            if let write {
                waiting -= 1
                writes -= 1
                if let rows = write.rows { finish(write, .success(rows)) }
            }
            return nil
        }
        let isAborted = status == PGRES_PIPELINE_ABORTED
        let error = isAborted ? nil : unsafe PostgresSession.error(of: result)
        // libpq gives this same answer until the copying ends, which nobody here does: the connection is given up.
        if PostgresSession.isCopying(status) {
            unsafe crane_PQclear(result)
            if case .request(let request) = expected[head] {
                head += 1
                if let error { finish(request, .failure(error)) }
            }
            return copying
        }
        // Without a code it is libpq's own word of the connection: what waits is not answered by it.
        if let error, error.sqlState == nil, error.kind == .unavailable {
            unsafe crane_PQclear(result)
            return error
        }
        switch expected[head] {
        case .sync(let write):
            // The transaction could not be committed; the Sync's own answer is still to come.
            unsafe crane_PQclear(result)
            if let error, let write { finish(write, .failure(error)) }
        case .preparation(let name, let request):
            unsafe crane_PQclear(result)
            head += 1
            if isAborted || error != nil { statements.forget(name) }
            // Where the connection ends, the request behind it is one that was not answered.
            if let error, !error.endsConnection { finish(request, .failure(error)) }
        case .request(let request):
            head += 1
            // A write is waited for until its commit.
            if request.mode != .write { waiting -= 1 }
            if isAborted || error != nil {
                unsafe crane_PQclear(result)
                if let error {
                    refuse(request, error, &again)
                } else if !request.isOver {
                    // Another statement has failed before it, and this one was not carried out.
                    sendAgain(request, abortion, &again)
                }
            } else if request.mode == .write {
                request.rows = unsafe PostgresRows(result)
            } else {
                finish(request, .success(unsafe PostgresRows(result)))
            }
        }
        if let error, error.endsConnection { return error }
        return nil
    }

    /// The server has refused the statement; it is sent again where only what was known of it is too old.
    private func refuse(
        _ request: PostgresRequest, _ error: PostgresError, _ again: inout [PostgresRequest]
    ) {
        if error.wantsPreparing {
            statements.forget(request.query)
            // One that others come before cannot go without them.
            if !request.before.isEmpty { return finish(request, .failure(error)) }
            return sendAgain(request, error, &again)
        }
        if error.endsConnection, request.mode == .read { return sendAgain(request, error, &again) }
        finish(request, .failure(error))
    }

    private func sendAgain(
        _ request: PostgresRequest, _ error: PostgresError, _ again: inout [PostgresRequest]
    ) {
        guard request.mode != .part, request.retries < 2 else { return finish(request, .failure(error)) }
        request.retries += 1
        again.append(request)
    }

    private func finish(_ request: PostgresRequest, _ result: Result<PostgresRows, PostgresError>) {
        guard !request.isOver else { return }
        request.rows = nil
        request.complete(result)
    }

    private var abortion: PostgresError {
        PostgresError(.conflict, message: "an earlier statement of the same transaction has failed")
    }

    private var copying: PostgresError {
        PostgresError(.unavailable, message: "COPY has ended the connection")
    }

    private var outOfStep: PostgresError {
        PostgresError(.unavailable, message: "the server has answered what it was not asked")
    }

    var lost: PostgresError {
        let message = session.message
        return PostgresError(
            .unavailable, message: message.isEmpty ? "the connection was lost" : message)
    }
}
