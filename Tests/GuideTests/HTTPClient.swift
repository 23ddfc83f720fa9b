// The examples of Docs/Guide/HTTPClient.md.
import Crane
import CraneClient
import CraneTesting
import Testing

struct Forecast: SchemaRepresentable, Equatable {
    let city: String
    let degrees: Int
    static let schema = Object(Forecast.init) {
        Field("city", \.city)
        Field("degrees", \.degrees)
    }
}

private struct Note: SchemaRepresentable {
    let text: String
    static let schema = Object(Note.init) {
        Field("text", \.text)
    }
}

struct Weather: Sendable {
    let http: HTTPClient

    func forecast(for city: String) async throws -> Forecast {
        let response = try await http.get("https://weather.example/forecast", query: ["city": city])
        if response.status == .notFound { throw HTTPError(.notFound, "There is no weather in \(city)") }
        return try response.requireSuccess().decoded()
    }
}

let weather = Dependency(ContextInput()) { context in Weather(http: context.http) }

func weatherApp(token: String = "secret") -> App {
    var app = App(title: "Weather")

    app.get("/weather/{city}", Path("city", String.self), ContextInput()) { city, context in
        try await context.http.get("https://weather.example/forecast", query: ["city": city])
            .requireSuccess().decoded(as: Forecast.self)
    }

    app.post("/notes", Body(Note.self), ContextInput()) { note, context in
        let response = try await context.http.post(
            "https://notes.example/", .json(note), headers: [.authorization: "Bearer \(token)"],
            timeout: .seconds(2))
        guard response.status == .created else { throw HTTPError(.badGateway, "The note was not kept") }
        return try response.json()
    }

    app.get("/umbrella/{city}", Path("city", String.self), weather) { city, weather in
        ["needed": try await weather.forecast(for: city).degrees < 20]
    }
    return app
}

func configuredApp() throws -> App {
    var configuration = HTTPClientConfiguration()
    configuration.timeout = .seconds(10)
    configuration.maximumRedirects = 3
    configuration.addresses = try AllowedAddresses(publicAnd: ["10.1.0.0/16"])
    var app = weatherApp()
    app.http = HTTPClient(configuration)
    return app
}

/// The chapter's application beside servers that know the weather of Kampala.
func servedWeatherApp() -> App {
    let upstream = MockUpstream()
    upstream.on(.get, "https://weather.example/forecast") { request in
        switch request.url {
        case "https://weather.example/forecast?city=Kampala": .json(["city": "Kampala", "degrees": 27])
        case "https://weather.example/forecast?city=Utopia": .text("?", status: .notFound)
        default: .text("?", status: .internalServerError)
        }
    }
    upstream.on(.post, "https://notes.example/") { request in
        request.headers[.authorization] == "Bearer secret"
            ? .json(["id": 1], status: .created) : .text("?", status: .unauthorized)
    }
    var app = weatherApp()
    app.http = upstream.client
    return app
}

@Test("asks for an umbrella where it is cold")
func umbrella() async throws {
    let upstream = MockUpstream()
    upstream.on(.get, "https://weather.example/forecast") { _ in .json(["city": "Oslo", "degrees": 3]) }
    var app = weatherApp()
    app.http = upstream.client
    let response = try await TestClient(app).get("/umbrella/Oslo")
    #expect(try response.json() == ["needed": true])
    #expect(upstream.requests.map(\.url) == ["https://weather.example/forecast?city=Oslo"])
}

@Test("asks by the configuration of the application")
func configuredClient() throws {
    #expect(try configuredApp().http.configuration.maximumRedirects == 3)
}
