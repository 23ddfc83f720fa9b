@testable import CraneHTTP

// By the default terms: output 30,720 bytes in 30 s, half-closed 30, lingering 5 and 30.
extension ConnectionScript {
    static let outputs: [ConnectionScript] = [
        ConnectionScript(
            "a slow reader has term after term, one that takes nothing is given up", opened, request,
            .at(2000, .wrote(200_000, unsent: 100_000), in: 30_000, .sending(mark: 100_000)),
            .at(3000, .wrote(1000, unsent: 101_000), .sending(mark: 101_000)),
            .at(
                32_000, .deadline(ConnectionProgress(unsent: 70_280)), in: 30_000, .sending(mark: 70_280)),
            .at(62_000, .deadline(ConnectionProgress(unsent: 39_561)), abort, .closed),
            .at(62_001, .served(unsent: nil), .closed), .at(62_002, .closed(isHandled: false), .closed)),
        ConnectionScript(
            "output that is left by the last request does not idle", opened, request,
            .at(2000, .wrote(200_000, unsent: 100_000), in: 30_000, .sending(mark: 100_000)),
            .at(3000, .served(unsent: 100_000), .startReading, .flushing(mark: 100_000)),
            .at(4000, .headPart, .startReading, in: 10_000, .head),
            .at(5000, .request, .serve, in: .max, .serving)),
        ConnectionScript(
            "output that has been taken lets the connection idle", opened, request,
            .at(2000, .served(unsent: 100_000), .startReading, in: 30_000, .flushing(mark: 100_000)),
            .at(3000, .drained(received: nil, unsent: nil), .startReading, in: 75_000, .idle(since: 3000))),
        ConnectionScript(
            "a handler that waits for the body has its term when the output has been taken", opened, request,
            .at(2000, .bodyAwaited(received: 0), in: 5000, .receiving(from: 0)),
            .at(2000, .wrote(9, unsent: 9), in: 30_000, .sending(mark: 9)),
            .at(3000, .drained(received: 4, unsent: nil), in: 5000, .receiving(from: 4)),
            .at(3000, .wrote(9, unsent: 9), in: 30_000, .sending(mark: 9)),
            .at(3000, .drained(received: nil, unsent: nil), in: .max, .serving)),
        ConnectionScript(
            "a cut response that the end of the connection would end is reset", opened, request,
            .at(2000, .streams(untilClose: true), .serving),
            .at(2000, .streamFailed, [.flush, .reset], .closed), .at(2000, .served(unsent: nil), .closed)),
        ConnectionScript(
            "another response that is cut is closed in good order", opened, request,
            .at(2000, .streams(untilClose: false), .serving), .at(2000, .streamFailed, .serving),
            .at(2000, .served(unsent: nil), end, in: 5000, .lingering(until: 32_000, discarded: 0))),
        ConnectionScript(
            "a reader that is given up sees that its response is cut", opened, request,
            .at(2000, .streams(untilClose: true), .serving),
            .at(2000, .wrote(9, unsent: 9), in: 30_000, .sending(mark: 9)),
            .at(
                32_000, .deadline(ConnectionProgress(unsent: 9)),
                [.abortBody, .cancel, .releaseBuffers, .wakeWriters, .reset], .closed)),
    ]

    static let ends: [ConnectionScript] = [
        ConnectionScript(
            "a client that has said all and idles is closed", opened,
            .at(2000, .inputEnded(unsent: nil), [.abortBody, .close], .closed)),
        ConnectionScript(
            "a half-closed client's handler is looked after each second, and cancelled after the grace",
            opened,
            request, .at(3000, .inputEnded(unsent: nil), .abortBody, in: 1000, .halfClosed(until: 33_000)),
            .at(4000, .deadline(ConnectionProgress()), in: 1000, .halfClosed(until: 33_000)),
            .at(32_500, .deadline(ConnectionProgress()), in: 500, .halfClosed(until: 33_000)),
            .at(33_000, .deadline(ConnectionProgress()), .cancel, .serving),
            .at(33_001, .served(unsent: nil), .close, .closed)),
        ConnectionScript(
            "what a half-closed client's handler writes begins the grace anew", opened, request,
            .at(3000, .inputEnded(unsent: nil), .abortBody, in: 1000, .halfClosed(until: 33_000)),
            .at(9000, .wrote(5, unsent: nil), in: 1000, .halfClosed(until: 39_000)),
            .at(9500, .wrote(5, unsent: 5), in: 30_000, .sending(mark: 5)),
            .at(9600, .drained(received: nil, unsent: nil), in: 1000, .halfClosed(until: 39_600)),
            .at(9700, .deadline(ConnectionProgress(isBroken: true)), abort, .closed)),
        ConnectionScript(
            "one that ends its side while it reads is watched when it has read", opened, request,
            .at(2000, .wrote(9, unsent: 9), in: 30_000, .sending(mark: 9)),
            .at(3000, .inputEnded(unsent: 9), .abortBody, .sending(mark: 9)),
            .at(4000, .drained(received: nil, unsent: nil), in: 1000, .halfClosed(until: 34_000))),
        ConnectionScript(
            "a broken connection cancels its handler", opened, request, .at(3000, .broken, abort, .closed)),
        ConnectionScript(
            "a client that sends on is listened to in bounds: silence", opened, request,
            .at(2000, .responseCloses(isAgreed: false), .serving),
            .at(2000, .served(unsent: nil), end, in: 5000, .lingering(until: 32_000, discarded: 0)),
            .at(6000, .discarded(100), in: 5000, .lingering(until: 32_000, discarded: 100)),
            .at(30_000, .discarded(100), in: 2000, .lingering(until: 32_000, discarded: 200)),
            .at(32_000, .deadline(ConnectionProgress()), .close, .closed)),
        ConnectionScript(
            "a client that sends on is listened to in bounds: bytes", opened, request,
            .at(2000, .responseCloses(isAgreed: false), .serving),
            .at(2000, .served(unsent: nil), end, in: 5000, .lingering(until: 32_000, discarded: 0)),
            .at(2001, .discarded(256 << 20), in: 5000, .lingering(until: 32_000, discarded: 256 << 20)),
            .at(2001, .discarded(1), .close, .closed)),
    ]

    static let shutdowns: [ConnectionScript] = [
        ConnectionScript(
            "one that idles is closed", opened, request,
            .at(3000, .served(unsent: nil), .startReading, in: 75_000, .idle(since: 3000)),
            .at(4000, .serverDrains(hasUnread: false), .close, .closed).draining),
        ConnectionScript(
            "one that has been served just now, or has unread bytes, has a moment", opened, request,
            .at(3000, .served(unsent: nil), .startReading, in: 75_000, .idle(since: 3000)),
            .at(3999, .serverDrains(hasUnread: false), in: 500, .idle(since: 3000)).draining,
            .at(4100, .request, .serve, in: .max, .serving).draining,
            .at(4100, .responds(closes: true), .serving).draining,
            .at(4100, .responseCloses(isAgreed: false), .serving).draining,
            .at(4200, .served(unsent: nil), end, in: 1000, .lingering(until: 5200, discarded: 0)).draining),
        ConnectionScript(
            "a new one has a second", opened,
            .at(2000, .serverDrains(hasUnread: false), in: 1000, .fresh).draining,
            .at(3000, .deadline(ConnectionProgress()), .close, .closed).draining),
        ConnectionScript(
            "a head under way is waited for", opened, .at(2000, .headPart, .startReading, in: 10_000, .head),
            .at(3000, .serverDrains(hasUnread: false), .head).draining,
            .at(4000, .request, .serve, in: .max, .serving).draining),
        ConnectionScript(
            "what is left of the output is waited for, the next request is not", opened, request,
            .at(2000, .served(unsent: 9), .startReading, in: 30_000, .flushing(mark: 9)),
            .at(3000, .serverDrains(hasUnread: false), .flushing(mark: 9)).draining,
            .at(
                4000, .drained(received: nil, unsent: nil), end, in: 1000,
                .lingering(until: 5000, discarded: 0)
            ).draining),
        ConnectionScript(
            "nobody is listened to for longer than a second", opened, request,
            .at(2000, .responseCloses(isAgreed: false), .serving),
            .at(2000, .served(unsent: nil), end, in: 5000, .lingering(until: 32_000, discarded: 0)),
            .at(3000, .serverDrains(hasUnread: true), in: 1000, .lingering(until: 4000, discarded: 0))
                .draining),
        ConnectionScript(
            "at its end everything is given up", opened, request, .at(2000, .aborted, abort, .closed)),
    ]

    static func terms(_ deadline: UInt64, _ end: UInt64 = .max, _ mark: Int = 0)
        -> ConnectionMachine.State
    {
        .upgraded(ConnectionMachine.UpgradedTerms(deadline: deadline, termEnd: end, mark: mark))
    }

    static let upgrades: [ConnectionScript] = [
        ConnectionScript(
            "another protocol has its own deadline beside that of its output", opened, request,
            .at(2000, .upgrades, in: .max, terms(.max)),
            .at(2000, .protocolWaits(until: 20_000), in: 18_000, terms(20_000)),
            .at(3000, .wrote(9, unsent: 9), in: 17_000, terms(20_000, 33_000, 9)),
            .at(
                20_000, .deadline(ConnectionProgress(unsent: 9)), .tellDeadline, in: 13_000,
                terms(.max, 33_000, 9)),
            .at(21_000, .wrote(40_000, unsent: 40_009), in: 12_000, terms(.max, 33_000, 40_009)),
            .at(
                33_000, .deadline(ConnectionProgress(unsent: 9000)), in: 30_000, terms(.max, 63_000, 9000)),
            .at(34_000, .drained(received: nil, unsent: nil), in: .max, terms(.max, .max, 9000))),
        ConnectionScript(
            "a client of another protocol that takes nothing is closed, and its handler may tidy up", opened,
            request, .at(2000, .upgrades, in: .max, terms(.max)),
            .at(2000, .wrote(9, unsent: 9), in: 30_000, terms(.max, 32_000, 9)),
            .at(32_000, .deadline(ConnectionProgress(unsent: 9)), .close, .closed),
            .at(32_001, .closed(isHandled: true), in: 1000, .tidying),
            .at(33_001, .deadline(ConnectionProgress()), .cancel, .tidying),
            .at(33_002, .served(unsent: nil), in: .max, .closed)),
        ConnectionScript(
            "another protocol that closes has its output taken, then lingers", opened, request,
            .at(2000, .upgrades, in: .max, terms(.max)),
            .at(3000, .protocolCloses(unsent: 9), .startReading, in: 30_000, .closing(mark: 9)),
            .at(4000, .served(unsent: 9), .startReading, .closing(mark: 9)),
            .at(
                5000, .drained(received: nil, unsent: nil), end, in: 5000,
                .lingering(until: 35_000, discarded: 0)),
            .at(6000, .inputEnded(unsent: nil), [.tellEnd, .close], .closed)),
        ConnectionScript(
            "the end of a client is told its protocol, a break closes too", opened, request,
            .at(2000, .upgrades, in: .max, terms(.max)),
            .at(3000, .inputEnded(unsent: nil), .tellEnd, terms(.max)),
            .at(4000, .broken, [.tellEnd, .close], .closed)),
        ConnectionScript(
            "a shutdown is told the protocol, which may abort", opened, request,
            .at(2000, .upgrades, in: .max, terms(.max)),
            .at(3000, .serverDrains(hasUnread: false), .tellShutdown, terms(.max)).draining,
            .at(4000, .protocolAborts, .close, .closed).draining),
    ]
}
