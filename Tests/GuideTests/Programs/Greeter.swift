import Crane

struct Greeting: SchemaRepresentable {
    let name: String
    let times: Int
    static let schema = Object(Greeting.init) {
        Field("name", \.name, .string(minLength: 1, maxLength: 40))
        Field("times", \.times, .int(in: 1...3), default: 1)
    }
}

var app = App(title: "Greeter")
app.get("/hello/{name}", Path("name", String.self), Query("times", .int(in: 1...3), default: 1)) {
    name, times in
    Greeting(name: name, times: times)
}
app.post("/greetings", Body(Greeting.self)) { greeting in
    greeting
}
try await app.run(port: 8000)
