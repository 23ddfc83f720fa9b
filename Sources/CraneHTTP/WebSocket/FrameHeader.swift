/// The head of a frame (RFC 6455, section 5.2).
package struct FrameHeader: Hashable, Sendable {
    package var opcode: FrameOpcode
    package var isFinal: Bool
    /// RSV1: the message is compressed (RFC 7692, section 6).
    package var isCompressed: Bool
    package var length: Int
    package var mask: FrameMask?
}
