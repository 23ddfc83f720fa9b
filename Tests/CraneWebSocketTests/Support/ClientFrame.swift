import CraneHTTP

/// A frame as a client may send it, right or wrong (RFC 6455, section 5.2).
struct ClientFrame {
    var opcode: UInt8
    var payload: [UInt8] = []
    var isFinal = true
    var reserved: UInt8 = 0
    var key: [UInt8]? = [0x37, 0xFA, 0x21, 0x3D]
    /// How many bytes the length takes; 0 for as few as it needs.
    var lengthBytes = 0

    static func text(_ text: String, isFinal: Bool = true) -> ClientFrame {
        ClientFrame(opcode: 1, payload: Array(text.utf8), isFinal: isFinal)
    }

    static func binary(_ bytes: [UInt8], isFinal: Bool = true) -> ClientFrame {
        ClientFrame(opcode: 2, payload: bytes, isFinal: isFinal)
    }

    static func more(_ text: String, isFinal: Bool = true) -> ClientFrame {
        ClientFrame(opcode: 0, payload: Array(text.utf8), isFinal: isFinal)
    }

    static func ping(_ text: String = "") -> ClientFrame { ClientFrame(opcode: 9, payload: Array(text.utf8)) }
    static func pong(_ text: String = "") -> ClientFrame {
        ClientFrame(opcode: 10, payload: Array(text.utf8))
    }

    static func close(_ code: UInt16? = nil, _ reason: [UInt8] = []) -> ClientFrame {
        ClientFrame(
            opcode: 8, payload: (code.map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } ?? []) + reason)
    }

    static func compressed(_ bytes: [UInt8], isText: Bool = true) -> ClientFrame {
        ClientFrame(opcode: isText ? 1 : 2, payload: bytes, reserved: 4)
    }

    var bytes: [UInt8] {
        var bytes = [(isFinal ? 0x80 : 0) | reserved << 4 | opcode]
        let flag: UInt8 = key == nil ? 0 : 0x80
        let count = payload.count
        let size = lengthBytes > 0 ? lengthBytes : count < 126 ? 1 : count <= 0xFFFF ? 2 : 8
        switch size {
        case 1: bytes.append(flag | UInt8(count))
        case 2: bytes += [flag | 126, UInt8(count >> 8), UInt8(count & 0xFF)]
        default:
            bytes.append(flag | 127)
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
        }
        guard let key else { return bytes + payload }
        return bytes + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }
}

extension [ClientFrame] {
    var bytes: [UInt8] { flatMap(\.bytes) }
}

extension MessageReader {
    /// What comes of `input`, given in pieces that end at `cuts`; the error last.
    static func read(
        _ input: [UInt8], cuts: [Int] = [], limit: Int = 1 << 20, allowsCompression: Bool = false,
        expectsMask: Bool = true
    ) -> ReadResult {
        var reader = MessageReader(
            limit: limit, allowsCompression: allowsCompression, expectsMask: expectsMask)
        var result = ReadResult()
        var start = 0
        for end in cuts + [input.count] {
            do throws(WebSocketClosure) {
                try reader.read(input[start..<end], into: &result.events)
            } catch {
                result.failure = error
                return result
            }
            start = end
        }
        return result
    }

    private mutating func read(_ piece: ArraySlice<UInt8>, into events: inout [Event])
        throws(WebSocketClosure)
    {
        let piece = Array(piece)
        var position = 0
        while true {
            let result = unsafe piece.withUnsafeBytes { bytes in
                Result { () throws(WebSocketClosure) in try unsafe next(bytes, from: &position) }
            }
            guard let event = try result.get() else { return }
            events.append(event)
        }
    }
}

struct ReadResult: Equatable {
    var events: [MessageReader.Event] = []
    var failure: WebSocketClosure?
}
