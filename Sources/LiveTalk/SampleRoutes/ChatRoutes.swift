import Crane

/// The talk's chat: every text comes back with `Echo: ` before it.
struct ChatRoutes: Sendable {
    /// The pages that may connect besides the host's own; `*` for all.
    let origins: [String]

    func register(in app: inout App) {
        var options = WebSocketOptions()
        options.allowedOrigins = origins
        // As a JSON body: some kilobytes of compressed data become so much, on the loop.
        options.maximumMessageSize = 1 << 20
        app.webSocket("/chat", options: options) { socket, _ in
            for await message in socket {
                // As in the talk, what is no text ends the conversation.
                guard case .text(let text) = message else { return }
                try await socket.send("Echo: \(text)")
            }
        }
    }
}
