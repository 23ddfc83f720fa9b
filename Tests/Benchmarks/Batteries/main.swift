import Crane
import CraneSystem

// The same routes with one of Crane's batteries around them, or with none: batteries PORT DOCUMENT none|compression|sessions|metrics.
let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 3, let port = Int(arguments[0]) else {
    fatalError("batteries PORT DOCUMENT none|compression|sessions|metrics")
}
let document = String(
    decoding: try FileDescriptor.open(arguments[1], O_RDONLY).read(1 << 20), as: UTF8.self)

struct Visitor: SchemaRepresentable {
    let name: String
    static let schema = Object(Visitor.init) { Field("name", \.name) }
}

var app = App(title: "Batteries")
switch arguments[2] {
case "none": app.get("/visit") { "Hello, ada" }
case "compression": app.middleware = [Compression(level: 4)]
case "metrics": app.metrics()
case "sessions":
    app.middleware = [Sessions(secrets: ["a secret of thirty-two bytes or more"])]
    app.get("/login", SessionInput()) { session in
        session.set("visitor", to: Visitor(name: "ada"))
        return "in"
    }
    app.get("/visit", SessionInput()) { session in
        "Hello, \(session.value("visitor", as: Visitor.self)?.name ?? "stranger")"
    }
default: fatalError("there is no \(arguments[2])")
}
app.get("/plaintext") { _, _ in .text("Hello, World!") }
app.get("/document") { _, _ in .json(document) }
try await app.run(port: port)
