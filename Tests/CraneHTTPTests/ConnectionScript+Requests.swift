@testable import CraneHTTP

// By the default terms: head 10 s, idle 75, body 1,280 bytes in 5.
extension ConnectionScript {
    static var all: [ConnectionScript] { requests + bodies + outputs + ends + shutdowns + upgrades }

    static let end: ConnectionActions.Steps = [
        .abortBody, .releaseBuffers, .shutdownWriting, .startReading,
    ]
    static let abort: ConnectionActions.Steps = [
        .abortBody, .cancel, .releaseBuffers, .wakeWriters, .close,
    ]
    static let opened = ConnectionScript.Line.at(
        1000, .opened, .startReading, in: 10_000, .fresh)
    static let request = ConnectionScript.Line.at(
        2000, .request, .serve, in: ConnectionScript.Line.never, .serving)

    static let requests: [ConnectionScript] = [
        ConnectionScript(
            "requests one after the other", opened, request,
            .at(3000, .served(unsent: nil), .startReading, in: 75_000, .idle(since: 3000)),
            .at(4000, .request, .serve, in: .max, .serving),
            .at(5000, .served(unsent: nil), .startReading, in: 75_000, .idle(since: 5000)),
            .at(80_000, .deadline(ConnectionProgress()), .close, .closed)),
        ConnectionScript(
            "nothing comes", opened, .at(11_000, .deadline(ConnectionProgress()), .close, .closed)),
        ConnectionScript(
            "a head in parts has one term for all", opened,
            .at(2000, .headPart, .startReading, in: 10_000, .head), .at(9000, .headPart, .head),
            .at(12_000, .deadline(ConnectionProgress()), .refuseSlow, .head),
            .at(
                12_000, .refused(lingers: true, isTooMany: false, unsent: nil), end, in: 5000,
                .lingering(until: 42_000, discarded: 0)),
            .at(12_500, .inputEnded(unsent: nil), abort, .closed)),
        ConnectionScript(
            "a head that comes behind a request has its term from the response on", opened, request,
            .at(2000, .headPart, .serving),
            .at(9000, .served(unsent: nil), .startReading, in: 10_000, .head)),
        ConnectionScript(
            "the response is the last, and the client knows", opened, request,
            .at(2000, .responds(closes: true), .serving),
            .at(2000, .responseCloses(isAgreed: true), .serving),
            .at(2000, .served(unsent: nil), .close, .closed)),
        ConnectionScript(
            "the response is the last, and the client may be sending", opened, request,
            .at(2000, .responseCloses(isAgreed: false), .serving),
            .at(2000, .served(unsent: nil), end, in: 5000, .lingering(until: 32_000, discarded: 0))),
        ConnectionScript(
            "input that is kept has the last response linger", opened, request,
            .at(2000, .responseCloses(isAgreed: true), .serving),
            .at(2000, .served(unsent: nil), end, in: 5000, .lingering(until: 32_000, discarded: 0)).keeping),
        ConnectionScript(
            "too much is held: the next request is refused", opened,
            .at(2000, .headPart, .startReading, in: 10_000, .head),
            .at(2000, .overloaded(isBegun: true), .refuseOverloaded, .head)),
        ConnectionScript(
            "too much is held: a request that waits for its turn is refused", opened, request,
            .at(2000, .overloaded(isBegun: false), [.endExcessiveBody, .refuseOverloaded], .serving),
            .at(2000, .refused(lingers: true, isTooMany: false, unsent: nil), .serving),
            .at(2000, .served(unsent: nil), end, in: 5000, .lingering(until: 32_000, discarded: 0))),
        ConnectionScript(
            "too much is held: the response under way is the last", opened, request,
            .at(2000, .overloaded(isBegun: true), [.endExcessiveBody, .dropInput], .serving),
            .at(3000, .served(unsent: 10), .startReading, in: 30_000, .closing(mark: 10)),
            .at(3000, .overloaded(isBegun: true), .dropInput, .closing(mark: 10))),
        ConnectionScript(
            "one too many lingers for a second", opened,
            .at(
                1000, .refused(lingers: true, isTooMany: true, unsent: nil), end, in: 1000,
                .lingering(until: 2000, discarded: 0))),
        ConnectionScript(
            "one that has a scarce descriptor does not linger", opened,
            .at(1000, .refused(lingers: false, isTooMany: true, unsent: nil), .close, .closed)),
    ]

    static let bodies: [ConnectionScript] = [
        ConnectionScript(
            "a client that waits for it gets a 100 once", opened, request,
            .at(2000, .bodyBegins(expectsContinue: true), .serving),
            .at(3000, .bodyAwaited(received: 0), .sendContinue, in: 5000, .receiving(from: 0)),
            .at(3500, .bodyAwaited(received: 7), .receiving(from: 0)),
            .at(4000, .bodyEnded(isWhole: true), in: .max, .serving)),
        ConnectionScript(
            "a client that has begun to send gets no 100", opened, request,
            .at(2000, .bodyBegins(expectsContinue: true), .serving), .at(2100, .bodyPart, .serving),
            .at(3000, .bodyAwaited(received: 1), in: 5000, .receiving(from: 1))),
        ConnectionScript(
            "a body that begins behind its client's end never comes", opened, request,
            .at(3000, .inputEnded(unsent: nil), .abortBody, in: 1000, .halfClosed(until: 33_000)),
            .at(3000, .bodyBegins(expectsContinue: false), .abortBody, .halfClosed(until: 33_000))),
        ConnectionScript(
            "a response before the 100 is the last", opened, request,
            .at(2000, .bodyBegins(expectsContinue: true), .serving),
            .at(2000, .responds(closes: false), .serving),
            .at(2000, .responseCloses(isAgreed: false), .serving),
            .at(2000, .bodyEnded(isWhole: false), .abortBody, .serving),
            .at(2000, .served(unsent: nil), end, in: 5000, .lingering(until: 32_000, discarded: 0))),
        ConnectionScript(
            "a body at the minimum rate has term after term, a slower one is ended", opened, request,
            .at(2000, .bodyAwaited(received: 100), in: 5000, .receiving(from: 100)),
            .at(
                7000, .deadline(ConnectionProgress(received: 1380)), in: 5000, .receiving(from: 1380)),
            .at(12_000, .deadline(ConnectionProgress(received: 2659)), .endSlowBody, .serving),
            .at(12_000, .served(unsent: nil), end, in: 5000, .lingering(until: 42_000, discarded: 0))),
        ConnectionScript(
            "a handler that does something else does not make its client slow", opened, request,
            .at(2000, .bodyAwaited(received: 0), in: 5000, .receiving(from: 0)),
            .at(7000, .deadline(ConnectionProgress()), .serving),
            .at(9000, .bodyAwaited(received: 1), in: 5000, .receiving(from: 1))),
        ConnectionScript(
            "a socket that was left alone begins the term anew", opened, request,
            .at(2000, .bodyAwaited(received: 0), in: 5000, .receiving(from: 0)),
            .at(6000, .bodyTaken(received: 9), .startReading, in: 5000, .receiving(from: 9)),
            .at(6500, .bodyTaken(received: 9), .receiving(from: 9)).keeping),
        ConnectionScript(
            "the term of one body is not that of the next", opened, request,
            .at(2000, .bodyAwaited(received: 0), in: 5000, .receiving(from: 0)),
            .at(3000, .bodyEnded(isWhole: true), in: .max, .serving),
            .at(6000, .bodyAwaited(received: 0), in: 5000, .receiving(from: 0))),
    ]
}
