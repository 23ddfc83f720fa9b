/// A text that is neither an address nor a network.
public struct NetworkError: Error, CustomStringConvertible {
    public let text: String

    package init(text: String) { self.text = text }

    public var description: String { "\"\(text)\" is not an address or a network like 10.0.0.0/8" }
}
