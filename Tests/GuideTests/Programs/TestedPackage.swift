// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "greeter",
    dependencies: [.package(name: "livetalk", path: "../livetalk")],
    targets: [
        .target(name: "Greeter", dependencies: [.product(name: "Crane", package: "livetalk")]),
        .executableTarget(
            name: "Serve", dependencies: ["Greeter", .product(name: "Crane", package: "livetalk")]),
        .testTarget(
            name: "GreeterTests",
            dependencies: ["Greeter", .product(name: "CraneTesting", package: "livetalk")]),
    ]
)
