// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Peer",
    dependencies: [.package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.0.0")],
    targets: [
        .executableTarget(name: "Peer", dependencies: [.product(name: "Hummingbird", package: "hummingbird")])
    ]
)
