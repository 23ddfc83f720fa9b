/// Where an application's documentation is served; `nil` leaves a page out.
public struct Documentation: Sendable {
    /// The OpenAPI document; without it there are no pages either.
    public var openAPI: String?
    /// The page to try the routes out.
    public var docs: String?
    /// The page to read.
    public var redoc: String?

    public init(openAPI: String? = "/openapi.json", docs: String? = "/docs", redoc: String? = "/redoc") {
        self.openAPI = openAPI
        self.docs = docs
        self.redoc = redoc
    }

    /// No documentation at all.
    public static let none = Documentation(openAPI: nil)
}
