// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "starter",
    dependencies: [.package(name: "livetalk", path: "../livetalk")],
    targets: [
        .executableTarget(
            name: "Starter",
            dependencies: [
                .product(name: "Crane", package: "livetalk"),
                .product(name: "CraneService", package: "livetalk"),
            ]),
        .testTarget(
            name: "StarterTests",
            dependencies: ["Starter", .product(name: "CraneTesting", package: "livetalk")]),
    ]
)
