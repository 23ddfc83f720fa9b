@testable import CraneHTTP

extension WireInvariants {
    /// WebSocket frames, however they are cut, give the same messages and the same end.
    static func frames(_ bytes: [UInt8], limit: Int, allowsCompression: Bool) -> String? {
        func read(_ parts: [ArraySlice<UInt8>]) -> FrameReading {
            FrameReading(parts, limit: limit, allowsCompression: allowsCompression)
        }
        let whole = read([bytes[...]])
        for parts in cuts(bytes) where read(parts) != whole {
            return "split frames differ: \(parts.map(\.count)), \(whole), \(read(parts))"
        }
        for event in whole.events {
            if let broken = broken(event, limit: limit, allowsCompression: allowsCompression) {
                return broken
            }
        }
        guard let failure = whole.failure else { return nil }
        let codes: [WebSocketCloseCode] = [.protocolError, .invalidPayload, .messageTooBig]
        return codes.contains(failure.code) ? nil : "an end with \(failure.code)"
    }

    private static func broken(
        _ event: MessageReader.Event, limit: Int, allowsCompression: Bool
    ) -> String? {
        switch event {
        case .text(let text): text.utf8.count > limit ? "a text over the limit" : nil
        case .binary(let bytes): bytes.count > limit ? "a message over the limit" : nil
        case .compressed(let bytes, _):
            allowsCompression && bytes.count <= limit ? nil : "a compressed message that may not be"
        case .ping(let payload): payload.count > 125 ? "a ping over 125 bytes" : nil
        case .pong: nil
        case .close(let closure):
            closure.code == .noStatus || closure.code.isSendable ? nil : "a close with \(closure.code)"
        }
    }

    /// An extension's offers: what is agreed on is within the bounds, and the response is an offer itself.
    static func extensions(_ bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let offers = ExtensionOffer.parse(text), let agreement = DeflateAgreement(offers) else {
            return nil
        }
        guard (8...12).contains(agreement.serverBits), (8...12).contains(agreement.clientBits ?? 12) else {
            return "a window out of bounds: \(agreement)"
        }
        guard let answer = ExtensionOffer.parse(agreement.fieldValue), let again = DeflateAgreement(answer)
        else {
            return "an answer that is no offer: \(agreement.fieldValue)"
        }
        return again == agreement ? nil : "an answer that reads otherwise: \(agreement), \(again)"
    }
}

/// What comes of frames that are given in parts.
struct FrameReading: Equatable {
    private(set) var events: [MessageReader.Event] = []
    private(set) var failure: WebSocketClosure?

    init(_ parts: [ArraySlice<UInt8>], limit: Int, allowsCompression: Bool) {
        var reader = MessageReader(limit: limit, allowsCompression: allowsCompression)
        do throws(WebSocketClosure) {
            for part in parts { try read(Array(part), by: &reader) }
        } catch {
            failure = error
        }
    }

    private mutating func read(_ part: [UInt8], by reader: inout MessageReader) throws(WebSocketClosure) {
        var position = 0
        while true {
            let result = unsafe part.withUnsafeBytes { bytes in
                Result { () throws(WebSocketClosure) in try unsafe reader.next(bytes, from: &position) }
            }
            guard let event = try result.get() else { return }
            events.append(event)
        }
    }
}
