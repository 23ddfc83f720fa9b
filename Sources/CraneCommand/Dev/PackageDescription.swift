/// What `swift package describe --type json` tells of a package, as far as it is asked for.
struct PackageDescription: Decodable {
    struct Product: Decodable {
        let name: String
        /// An object whose one member has the kind for its key.
        let type: [String: Ignored?]
    }

    struct Target: Decodable {
        let type: String
        let path: String
    }

    struct Dependency: Decodable {
        let type: String
        let path: String?
    }

    /// Any JSON.
    struct Ignored: Decodable {
        init(from decoder: any Decoder) {}
    }

    let products: [Product]
    let targets: [Target]
    let dependencies: [Dependency]

    var executables: [String] {
        products.filter { $0.type.keys.contains("executable") }.map(\.name).sorted()
    }

    /// The folders of what programs are made of.
    var folders: [String] { targets.filter { $0.type != "test" }.map(\.path) }
}
