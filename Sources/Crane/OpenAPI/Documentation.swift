import CraneSchema

/// Where an application's documentation is served, `nil` leaving a page out, and what it says beside the routes.
///
/// ```swift
/// app.documentation.tags = [.init("bookmarks", "Links, and what is said of them")]
/// app.documentation.contact = .init(name: "The team", email: "team@example.com")
/// ```
public struct Documentation: Sendable {
    /// The OpenAPI document; without it there are no pages either.
    public var openAPI: String?
    /// The page to try the routes out.
    public var docs: String?
    /// The page to read.
    public var redoc: String?
    /// The application in one line.
    public var summary: String?
    /// Whom to ask.
    public var contact: Contact?
    /// What may be done with it.
    public var license: License?
    /// The URL of the terms of service.
    public var termsOfService: String?
    /// Where clients find the application, beside the path that they see it under.
    public var servers: [Server] = []
    /// The tags in the order in which the pages show them; others follow.
    public var tags: [Tag] = []
    var changes: [@Sendable (inout JSONValue) -> Void] = []

    /// - Parameters:
    ///   - openAPI: the path of the document.
    ///   - docs: the path of the page to try the routes out.
    ///   - redoc: the path of the page to read.
    public init(openAPI: String? = "/openapi.json", docs: String? = "/docs", redoc: String? = "/redoc") {
        self.openAPI = openAPI
        self.docs = docs
        self.redoc = redoc
    }

    /// No documentation at all.
    public static let none = Documentation(openAPI: nil)

    /// A group of routes, and what is said of it.
    public struct Tag: Sendable, Hashable {
        /// As routes and routers name it.
        public var name: String
        /// Markdown.
        public var description: String?
        /// The URL of a text that says more.
        public var externalDocs: String?

        /// - Parameters:
        ///   - name: as routes and routers name it.
        ///   - description: Markdown.
        ///   - externalDocs: the URL of a text that says more.
        public init(_ name: String, _ description: String? = nil, externalDocs: String? = nil) {
            self.name = name
            self.description = description
            self.externalDocs = externalDocs
        }
    }

    /// An address of the application.
    public struct Server: Sendable, Hashable {
        /// A URL, or a path on the host of the document.
        public var url: String
        /// Markdown.
        public var description: String?

        /// - Parameters:
        ///   - url: a URL, or a path on the host of the document.
        ///   - description: Markdown.
        public init(_ url: String, _ description: String? = nil) {
            self.url = url
            self.description = description
        }
    }

    /// Whom to ask.
    public struct Contact: Sendable, Hashable {
        public var name: String?
        public var url: String?
        public var email: String?

        /// - Parameters:
        ///   - name: of a person or a team.
        ///   - url: of a page.
        ///   - email: an address.
        public init(name: String? = nil, url: String? = nil, email: String? = nil) {
            self.name = name
            self.url = url
            self.email = email
        }
    }

    /// What may be done with the application.
    public struct License: Sendable, Hashable {
        public var name: String
        /// Of SPDX, such as `Apache-2.0`; OpenAPI has it or a URL.
        public var identifier: String?
        public var url: String?

        /// - Parameters:
        ///   - name: the licence's name.
        ///   - identifier: of SPDX, such as `Apache-2.0`.
        ///   - url: of its text; left out where there is an identifier, as OpenAPI asks.
        public init(_ name: String, identifier: String? = nil, url: String? = nil) {
            self.name = name
            self.identifier = identifier
            self.url = url
        }
    }
}

extension JSONValue {
    /// An object of those members that have a value.
    static func some(_ members: KeyValuePairs<String, String?>) -> JSONValue {
        .object(members.compactMap { key, value in value.map { Member(key, .string($0)) } })
    }
}

extension Documentation {
    /// The document's `info` (OpenAPI 3.1, section 4.8.2), in FastAPI's order.
    func info(title: String, version: String, description: String) -> JSONValue {
        var members: [JSONValue.Member] = [.init("title", .string(title))]
        if let summary { members.append(.init("summary", .string(summary))) }
        if !description.isEmpty { members.append(.init("description", .string(description))) }
        if let termsOfService { members.append(.init("termsOfService", .string(termsOfService))) }
        if let contact {
            members.append(
                .init("contact", .some(["name": contact.name, "url": contact.url, "email": contact.email])))
        }
        if let license {
            let url = license.identifier == nil ? license.url : nil
            members.append(
                .init("license", .some(["name": license.name, "identifier": license.identifier, "url": url])))
        }
        members.append(.init("version", .string(version)))
        return .object(members)
    }

    /// The document's `servers`, that of the path that clients see before the others.
    func serverList(under root: String) -> [JSONValue] {
        (root.isEmpty ? [] : [["url": .string(root)]])
            + servers.map { .some(["url": $0.url, "description": $0.description]) }
    }

    /// The document's `tags`.
    var tagList: [JSONValue] {
        tags.map { tag in
            var members = JSONValue.some(["name": tag.name, "description": tag.description])
            if let url = tag.externalDocs { members.merge(["externalDocs": ["url": .string(url)]]) }
            return members
        }
    }
}
