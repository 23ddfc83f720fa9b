import CraneHTTP
import CraneLoop
import HTTPTypes

// What the server holds for the client, and what becomes of it when that is too much.
extension HTTPConnection {
    private var heldBytes: Int {
        var held = queuedBytes + servedBytes + responseBytes
        if let output { held += output.count }
        if let pending { held += pending.count }
        if let partial { held += partial.request.capacity }
        if let body { held += body.waitingBytes }
        return held
    }

    /// Has the budget know what is held now; false when all connections together hold too much.
    func account() -> Bool {
        server.load.memory.count(heldBytes, insteadOf: &counted)
    }

    /// What was held may have become less, or nothing.
    func accountLess() {
        guard let work else { return }
        if work.counted > 0 { _ = account() }
        if work.isOver { self.work = nil }
    }

    /// Counts what the read has brought. What is too much is refused where nothing is under way; else the response under way is the
    /// connection's last.
    func accountInput() {
        guard !account(), isOpen, upgraded == nil else { return }
        on(.overloaded(isBegun: upcoming == nil))
        accountLess()
    }

    /// A request that has not been begun gets the response that a handler would have given.
    func refuseOverloaded() {
        refuse(.overloaded, of: upcoming.take() ?? partial?.known)
    }

    /// A response of many bytes goes out in pieces, and is held until the last has gone; 503 where that is too much.
    @inline(never)
    func keep(_ response: Response, for request: Request) -> Response {
        guard !request.isHead, !response.status.forbidsContent else { return response }
        responseBytes = response.body.heldBytes
        guard !account() else {
            var response = response
            response.body = response.body.inPieces
            return response
        }
        responseBytes = 0
        accountLess()
        server.note(.overloaded, of: request, from: peer)
        var refusal = Refusal.overloaded.response
        refusal.afterSend = response.afterSend
        return refusal
    }
}
