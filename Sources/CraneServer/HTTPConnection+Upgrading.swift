import CraneHTTP
import CraneLoop

// Handing the connection over to another protocol.
extension HTTPConnection {
    func handOver(to taker: Upgrade.Taker, of request: Request, _ response: Response) {
        switch taker {
        case .task(let start):
            handOver(to: start, of: request, then: response.afterSend)
        case .receiver(let start):
            handOver(to: start)
            runAfterSend(response)
        }
    }

    /// Hands the connection over, in a task of its own: what it took to serve the handshake is not held as long as that runs.
    private func handOver(
        to start: (any UpgradedStream) -> @Sendable () async -> Void, of request: Request,
        then work: (@Sendable () async -> Void)?
    ) {
        let upgraded = UpgradedConnection(self, request: request)
        self.upgraded = upgraded
        // It is known by its handshake as long as it is open.
        servedBytes = request.capacity
        _ = account()
        on(.upgrades)
        server.beginWork()
        let run = start(upgraded)
        let task = loop.startTask { [self] in
            await run()
            if loop.isCurrent {
                takeBack(from: upgraded, work)
            } else {
                loop.execute { self.takeBack(from: upgraded, work) }
            }
        }
        if unsafe upgraded.isHandled { self.task = task }
        server.endSlice(of: request)
    }

    /// Hands the connection over to what needs no task: nothing is held of the request.
    private func handOver(to start: (any UpgradedStream) -> Void) {
        let upgraded = UpgradedConnection(self, request: nil)
        self.upgraded = upgraded
        servedBytes = 0
        task = nil
        on(.upgrades)
        start(upgraded)
    }

    /// The other protocol is done: the connection ends, and the response that began it counts as sent.
    private func takeBack(from upgraded: UpgradedConnection, _ work: (@Sendable () async -> Void)?) {
        upgraded.endHandling()
        task = nil
        finishServing()
        if let work { server.spawn(work) }
        server.endWork()
    }
}
