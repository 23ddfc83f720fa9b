import Foundation

/// What a new package is called, in each place as it is the custom there.
struct StarterName {
    /// As it was given.
    let folder: String
    /// The module and its service: `Bookmarks`.
    let module: String
    /// The program, its unit and its container: `bookmarks`.
    var program: String { folder.lowercased() }
    /// What the names of its settings begin with, without the underscore: `BOOKMARKS`.
    var prefix: String { folder.uppercased() }

    init(_ text: String) {
        folder = text
        module = text.prefix(1).uppercased() + text.dropFirst()
    }

    /// Why no package can be called so, or `nil`.
    static func mistake(in text: String) -> String? {
        guard text.wholeMatch(of: /[A-Za-z][A-Za-z0-9_]{0,63}/) != nil else {
            return
                "\(String(reflecting: text)) is no name of a Swift module: up to 64 letters, digits and underscores, "
                + "a letter first, such as Bookmarks"
        }
        if taken.contains(StarterName(text).module) {
            return "\(text) is the name of something else in the package: take another, such as My\(text)"
        }
        return nil
    }

    /// Modules that the package uses, and types of its own or of every program; a keyword becomes a name by its capital, but for these.
    private static let taken: Set<String> = [
        "Any", "App", "Body", "Cookie", "Crane", "CraneHTTP", "CraneLoop", "CraneSchema", "CraneServer",
        "CraneService",
        "CraneSystem", "CraneTesting", "Field", "Foundation", "Glibc", "Greeting", "GreetingRoutes",
        "HTTPTypes", "Header",
        "Logging", "Object", "Path", "Protocol", "Query", "SchemaRepresentable", "Self", "Service",
        "ServiceContext",
        "ServerSettings", "ServiceSettings", "Setting", "SettingCatalog", "SettingText", "Settings", "String",
        "Swift",
        "Synchronization", "Testing", "Type", "XCTest",
    ]
}
