import Crane

// As many routes as the first argument says, ten in a group, on the port of the second.
let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
guard arguments.count == 2 else { fatalError("growth-routes ROUTES PORT") }
var app = App(title: "Growth")
for number in 0..<arguments[0] {
    app.get("/group-\(number / 10)/item-\(number)/{id}", Path("id", Int.self)) { $0 }
}
try await app.run(port: arguments[1])
