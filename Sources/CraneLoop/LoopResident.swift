/// Something of another module's that lives on a loop and ends with it, as a client with its connections does.
package protocol LoopResident: AnyObject {
    /// The loop ends: who waits is answered, watches and timers are closed. On the loop's thread, once at most.
    func loopEnds()
}

extension EventLoop {
    /// Has `resident` told of the loop's end, and keeps it until then; loop's thread only. False when the loop is ending.
    package func admit(_ resident: any LoopResident) -> Bool {
        assert(isCurrent)
        guard !isClosing else { return false }
        residents[ObjectIdentifier(resident)] = resident
        return true
    }

    /// Lets go of a resident that has ended before its loop; loop's thread only.
    package func dismiss(_ resident: any LoopResident) {
        assert(isCurrent)
        residents[ObjectIdentifier(resident)] = nil
    }

    func endResidents() {
        let ending = residents
        residents = [:]
        for resident in ending.values { resident.loopEnds() }
    }
}
