// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "greeter",
    dependencies: [.package(name: "livetalk", path: "../livetalk")],
    targets: [
        .executableTarget(name: "Greeter", dependencies: [.product(name: "Crane", package: "livetalk")])
    ]
)
