/// A file that the build has put into the program (SwiftPM's `.embedInCode`): its name and its bytes.
///
/// ```swift
/// EmbeddedFile("board.css", PackageResources.board_css)
/// ```
public struct EmbeddedFile: Sendable {
    /// The name that it is asked for by.
    public let name: String
    private let content: @Sendable () -> [UInt8]

    /// - Parameters:
    ///   - name: the name of the file, by which it is asked for.
    ///   - bytes: evaluated when the file is used, so that a start does not pay for what nobody asks for.
    public init(_ name: String, _ bytes: @autoclosure @escaping @Sendable () -> [UInt8]) {
        self.name = name
        content = bytes
    }

    /// What is in it.
    public var bytes: [UInt8] { content() }
}
