// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "hello",
    dependencies: [.package(name: "livetalk", path: "../..")],
    targets: [
        .executableTarget(name: "Hello", dependencies: [.product(name: "Crane", package: "livetalk")])
    ]
)
