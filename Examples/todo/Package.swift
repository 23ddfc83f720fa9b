// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "todo",
    dependencies: [.package(name: "livetalk", path: "../..")],
    targets: [
        .executableTarget(
            name: "Todo",
            dependencies: [
                .product(name: "Crane", package: "livetalk"),
                .product(name: "CraneSQLite", package: "livetalk"),
            ])
    ]
)
