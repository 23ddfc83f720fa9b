import Crane

// A variable of main.swift is the main actor's.
var visits = 0

@MainActor func visit() -> Int {
    visits += 1
    return visits
}

var app = App(title: "Visits")
app.get("/visits") { ["visits": await visit()] }
try await app.run(port: 8000)
print("\(visits) visits")
