import Crane

struct Greeting: SchemaRepresentable {
    let message: String

    static let schema = Object(Greeting.init) {
        Field("message", \.message, example: "Hello, ada!")
    }
}

struct GreetingRoutes {
    let word: String

    func register(in app: inout App) {
        app.get("/greetings/{name}", Path("name", .string(maxLength: 40))) { [word] name in
            Greeting(message: "\(word), \(name)!")
        }.name("greet").tags("greetings")
    }
}
