import Crane

var app = App(title: "Hello", description: "The smallest service that has an input.")

app.get("/") { ["message": "Hello, World!"] }

app.get(
    "/hello/{name}", Path("name", .string(maxLength: 40)), Query("times", .int(in: 1...3), default: 1)
) { name, times in
    ["message": Array(repeating: "Hello, \(name)!", count: times).joined(separator: " ")]
}

try await app.run(port: 8000)
