@testable import CraneHTTP

/// The life of a connection as a list of events, each with what the machine has to say to it.
struct ConnectionScript: Sendable, CustomStringConvertible {
    struct Line: Sendable {
        let time: UInt64
        let event: ConnectionEvent
        var isDraining = false
        var holdsInput = false
        let steps: ConnectionActions.Steps
        /// Milliseconds from now; `nil` where the deadline stays.
        let deadline: UInt64?
        let state: ConnectionMachine.State
    }

    let description: String
    let lines: [Line]

    init(_ name: String, _ lines: Line...) {
        description = name
        self.lines = lines
    }
}

extension ConnectionScript.Line {
    /// No deadline from now on.
    static let never = UInt64.max

    /// What follows, at that time.
    static func at(
        _ time: UInt64, _ event: ConnectionEvent, _ steps: ConnectionActions.Steps,
        in deadline: UInt64? = nil,
        _ state: ConnectionMachine.State
    ) -> Self {
        Self(time: time, event: event, steps: steps, deadline: deadline, state: state)
    }

    /// Nothing is to be done, but for the deadline.
    static func at(
        _ time: UInt64, _ event: ConnectionEvent, in deadline: UInt64? = nil, _ state: ConnectionMachine.State
    ) -> Self {
        .at(time, event, [], in: deadline, state)
    }

    /// The same while the server shuts down.
    var draining: Self {
        var line = self
        line.isDraining = true
        return line
    }

    /// The same while input is kept.
    var keeping: Self {
        var line = self
        line.holdsInput = true
        return line
    }
}
