// The examples of Docs/Guide/Routers.md.
import Crane

struct Room: SchemaRepresentable {
    let name: String
    let seats: Int

    static let schema = Object(Room.init) {
        Field("name", \.name)
        Field("seats", \.seats)
    }
}

let rooms = ["aula": Room(name: "aula", seats: 400), "attic": Room(name: "attic", seats: 30)]

func roomRouter() -> APIRouter {
    var router = APIRouter(
        prefix: "/rooms", tags: ["rooms"], responses: [.notFound: ResponseDescription("No such room")])
    router.get("/", Query("seats", .int(ge: 0), default: 0)) { seats in
        rooms.values.filter { $0.seats >= seats }.sorted { $0.name < $1.name }
    }.name("list_rooms")
    router.get("/{name}", Path("name", String.self)) { name in
        guard let room = rooms[name] else { throw HTTPError(.notFound, "Room not found") }
        return room
    }.name("read_room")
    return router
}

func conferenceApp() -> App {
    var app = App(title: "Conference")
    app.include(roomRouter())
    app.include(roomRouter(), prefix: "/v1", deprecated: true)
    return app
}

func largest(in app: inout App) {
    app.get("/largest", ContextInput()) { context in
        RedirectResponse(to: try context.path(of: "read_room", ["name": "aula"]))
    }
}

func backstage(isClosed: @escaping @Sendable () -> Bool) -> APIRouter {
    var router = APIRouter(prefix: "/backstage", middleware: [Maintenance(isClosed: isClosed)])
    router.get("/plan", HTTPBearer()) { _ in HTML("<h1>Plan</h1>") }
        .middleware(ProcessTime()).responds(.serviceUnavailable, "Closed").hidden()
    return router
}

@Sendable func findRoom(name: String) throws -> Room {
    guard let room = rooms[name] else { throw HTTPError(.notFound, "Room not found") }
    return room
}

func finderApp() -> App {
    var app = App(title: "Finder")
    app.get("/find/{name}", Path("name", String.self), handler: findRoom).name("find_room")
    return app
}
