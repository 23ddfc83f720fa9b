// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "chat",
    dependencies: [.package(name: "livetalk", path: "../..")],
    targets: [
        .executableTarget(name: "Chat", dependencies: [.product(name: "Crane", package: "livetalk")])
    ]
)
