import CraneHTTP
import CraneLoop

// The machine's events and actions.
extension HTTPConnection {
    /// Tells the machine what has happened, and does what it asks for.
    @inline(__always)
    func on(_ event: ConnectionEvent) {
        let moment = ConnectionMoment(
            now: loop.now, isDraining: server.isDraining, holdsInput: pending != nil)
        let actions = machine.on(event, at: moment, server.terms)
        if actions.deadline == .max {
            clearDeadline()
        } else if actions.deadline != 0 {
            setDeadline(actions.deadline, on: loop.wheel)
        }
        // Those of each request; the conformances' own operators would be calls.
        if actions.steps.rawValue == ConnectionActions.Steps.serve.rawValue {
            server.enqueue(self)
        } else if actions.steps.rawValue == ConnectionActions.Steps.startReading.rawValue {
            if !isReading { startReading() }
        } else if actions.steps.rawValue != 0 {
            perform(actions.steps)
        }
    }

    /// Carries steps out, in the order in which `Steps` declares them.
    @inline(never)
    private func perform(_ steps: ConnectionActions.Steps) {
        // First, so that whoever reads the body hears why.
        if steps.contains(.abortBody) { body?.fail(.aborted) }
        if steps.contains(.endSlowBody) { body?.fail(.tooSlow) }
        if steps.contains(.endExcessiveBody), let body, !body.isComplete { body.fail(.overloaded) }
        if steps.contains(.cancel) { task?.cancel() }
        if steps.contains(.dropInput) { dropInput() }
        if steps.contains(.releaseBuffers) { releaseBuffers() }
        if steps.contains(.sendContinue) { ResponseEncoder.continue100(to: writableOutput()) }
        if steps.contains(.sendContinue) || steps.contains(.flush) { flush() }
        if steps.contains(.shutdownWriting) { shutdownWriting() }
        if steps.contains(.startReading) { startReading() }
        if steps.contains(.serve) { server.enqueue(self) }
        performEnd(steps)
        if steps.contains(.refuseSlow) { refuse(.tooSlow, of: partial?.known) }
        if steps.contains(.refuseOverloaded) { refuseOverloaded() }
    }

    private func performEnd(_ steps: ConnectionActions.Steps) {
        if let upgraded {
            if steps.contains(.tellEnd) {
                upgraded.tellEnd()
                // It has nothing to say to somebody who has gone.
                if isOpen, !machine.isUpgraded { on(.protocolAborts) }
            }
            if steps.contains(.tellDeadline) { upgraded.tellDeadline() }
            if steps.contains(.tellShutdown) { upgraded.serverStops() }
        }
        if steps.contains(.close) { close() }
        if steps.contains(.reset) { reset() }
        if steps.contains(.wakeWriters) {
            upgraded?.didBreak()
            resumeDrainWaiters()
        }
    }
}
