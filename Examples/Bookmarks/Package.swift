// swift-tools-version: 6.2
import PackageDescription

func crane(_ names: String...) -> [Target.Dependency] {
    names.map { .product(name: $0, package: "livetalk") }
}

let package = Package(
    name: "bookmarks",
    dependencies: [.package(name: "livetalk", path: "../..")],
    targets: [
        .executableTarget(
            name: "Bookmarks",
            dependencies: crane(
                "Crane", "CraneClient", "CranePasswords", "CraneSQLite", "CraneService", "CraneTemplates")),
        .testTarget(name: "BookmarksTests", dependencies: ["Bookmarks"] + crane("CraneTesting")),
    ]
)
