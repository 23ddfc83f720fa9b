// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "links",
    dependencies: [.package(name: "livetalk", path: "../..")],
    targets: [
        .executableTarget(
            name: "Links",
            dependencies: [
                .product(name: "Crane", package: "livetalk"),
                .product(name: "CraneService", package: "livetalk"),
                .product(name: "CraneSQLite", package: "livetalk"),
            ])
    ]
)
