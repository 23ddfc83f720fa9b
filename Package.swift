// swift-tools-version: 6.2
import PackageDescription

// `make check` and CI take no warning.
let warnings: [SwiftSetting] =
    Context.environment["WARNINGS_AS_ERRORS"] != nil ? [.treatAllWarnings(as: .error)] : []

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        // For functions that return a `Span`: Docs/Decisions/0045.
        .enableExperimentalFeature("Lifetimes"),
    ] + warnings

func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.target(name: name)] + dependencies, swiftSettings: settings)
}

let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "livetalk",
    products: [
        .library(name: "Crane", targets: ["Crane"]),
        .library(name: "CraneClient", targets: ["CraneClient"]),
        .library(name: "CraneSQLite", targets: ["CraneSQLite"]),
        .library(name: "CraneCelery", targets: ["CraneCelery"]),
        .library(name: "CraneFoundation", targets: ["CraneFoundation"]),
        .library(name: "CraneJobs", targets: ["CraneJobs"]),
        .library(name: "CraneMetrics", targets: ["CraneMetrics"]),
        .library(name: "CranePasswords", targets: ["CranePasswords"]),
        .library(name: "CraneRedis", targets: ["CraneRedis"]),
        .library(name: "CraneService", targets: ["CraneService"]),
        .library(name: "CraneServiceLifecycle", targets: ["CraneServiceLifecycle"]),
        .library(name: "CraneTemplates", targets: ["CraneTemplates"]),
        .library(name: "CraneTesting", targets: ["CraneTesting"]),
        .library(name: "CraneTracing", targets: ["CraneTracing"]),
        .library(name: "CraneWebhooks", targets: ["CraneWebhooks"]),
        .executable(name: "livetalk", targets: ["LiveTalkCommand"]),
        .executable(name: "crane", targets: ["CraneCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        // Each for one product alone, which nobody else builds: CraneMetrics, CraneTracing, CraneServiceLifecycle.
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibUV", pkgConfig: "libuv", providers: [.apt(["libuv1-dev"])]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CSodium", pkgConfig: "libsodium",
            providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(
            name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        // Without pkg-config, which would link it: it is loaded when it is needed (Docs/Decisions/0061).
        .systemLibrary(name: "CCurl"),
        room("CraneSystem"),
        room("CraneLoop", ["CraneSystem", "CLibUV"]),
        room("CraneHTTP", ["CraneSystem", httpTypes]),
        room("CraneRESP"),
        room("CraneServer", ["CraneSystem", "CraneLoop", "CraneHTTP", httpTypes, logging]),
        room("CraneSchema", ["CraneSystem"]),
        room(
            "Crane", ["CraneSystem", "CraneServer", "CraneHTTP", "CraneSchema", "CZlib", httpTypes, logging],
            // The scripts and styles of the documentation's pages are part of the binary.
            resources: [.embedInCode("OpenAPI/Pages")]),
        room("CraneTemplates", ["CraneSystem", "Crane", "CraneSchema", mustache]),
        room(
            "CraneClient",
            ["CraneSystem", "CraneLoop", "Crane", "CraneHTTP", "CraneSchema", "CCurl", httpTypes]),
        room("CraneSQLite", ["CraneSystem", "CraneSchema", "CSQLite"]),
        room("CraneRedis", ["CraneSystem", "CraneLoop", "Crane", "CraneRESP", logging]),
        room(
            "CraneCelery",
            [
                "CraneSystem", "CraneLoop", "CraneHTTP", "CraneRESP", "CraneRedis", "CraneSchema",
                "CraneSQLite", logging,
            ]),
        room(
            "CraneJobs",
            ["CraneSystem", "CraneLoop", "CraneHTTP", "CraneSchema", "CraneSQLite", logging]),
        room(
            "CraneWebhooks",
            [
                "CraneSystem", "Crane", "CraneClient", "CraneHTTP", "CraneJobs", "CraneSchema", httpTypes,
            ]),
        room("CraneTesting", ["CraneSystem", "Crane", "CraneServer", "CraneHTTP", "CraneSchema", httpTypes]),
        room("CraneService", ["CraneSystem", "Crane", "CraneHTTP", "CraneSchema", httpTypes, logging]),
        room("CraneFoundation", ["CraneSystem", "CraneHTTP", "CraneSchema"]),
        room("CraneMetrics", ["Crane", .product(name: "CoreMetrics", package: "swift-metrics")]),
        room(
            "CraneTracing",
            ["Crane", httpTypes, .product(name: "Tracing", package: "swift-distributed-tracing")]),
        room(
            "CraneServiceLifecycle",
            ["Crane", .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")]),
        room("CranePasswords", ["CraneSystem", "Crane", "CraneService", "CSodium"]),
        room(
            "LiveTalk",
            [
                "CraneSystem", "CraneLoop", "Crane", "CraneClient", "CraneService", "CraneSQLite",
                "CraneCelery", "CraneJobs", "CraneRedis", "CraneWebhooks", "CraneTemplates", "CranePasswords",
                "CQREncode", "CraneSchema", logging,
            ],
            // What browsers get is part of the binary.
            resources: [
                .embedInCode("Pages/Templates"), .embedInCode("Pages/Static"), .embedInCode("Pages/Strings"),
            ]),
        .executableTarget(
            name: "LiveTalkCommand",
            dependencies: [
                "CraneSystem", "LiveTalk", "Crane", "CraneService", "CraneServer", arguments, logging,
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "CraneCommand",
            dependencies: ["CraneSystem", "Crane", "CraneServer", "CraneService", arguments],
            // The files of a new package are part of the binary.
            resources: [.embedInCode("New/Template")], swiftSettings: settings),
        // What several suites use.
        .target(name: "TestSupport", path: "Tests/Support", swiftSettings: settings),
        tests("CraneSystem"),
        tests("CraneLoop", ["CraneSystem", "TestSupport"]),
        tests("CraneHTTP", ["CraneSystem", "TestSupport", httpTypes]),
        tests("CraneRESP", ["TestSupport"]),
        tests("CraneServer", ["CraneHTTP", "CraneLoop", "TestSupport", httpTypes, logging]),
        tests("CraneSchema", ["TestSupport"]),
        tests("Crane", ["CraneSystem", "CraneHTTP", "CraneSchema", "CraneTesting", httpTypes, logging]),
        .testTarget(
            name: "DocsPagesTests", dependencies: ["Crane", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "CraneWebSocketTests",
            dependencies: [
                "Crane", "CraneServer", "CraneHTTP", "CraneTesting", "CZlib", "TestSupport", httpTypes,
                logging,
            ],
            swiftSettings: settings),
        tests(
            "CraneClient",
            ["Crane", "CraneHTTP", "CraneLoop", "CraneServer", "CraneTesting", "TestSupport", httpTypes]),
        tests("CraneSQLite", ["CraneSystem", "CSQLite", "TestSupport"]),
        .testTarget(
            name: "CraneFeedTests",
            dependencies: [
                "Crane", "CraneServer", "CraneHTTP", "CraneTesting", "TestSupport", httpTypes, logging,
            ],
            swiftSettings: settings),
        tests("CraneRedis", ["Crane", "CraneHTTP", "CraneRESP", "CraneTesting", "TestSupport", logging]),
        tests(
            "CraneCelery",
            [
                "CraneLoop", "CraneRedis", "CraneRESP", "CraneSchema", "CraneSQLite", "TestSupport", logging,
            ]),
        .testTarget(
            name: "CraneJobsTests",
            dependencies: [
                "CraneJobs", "CraneSystem", "CraneSQLite", "CraneSchema", "CraneTesting", "TestSupport",
                "crashing-jobs", logging,
            ],
            swiftSettings: settings),
        // What the tests of CraneJobs kill.
        .executableTarget(
            name: "crashing-jobs", dependencies: ["CraneJobs", "CraneSQLite", logging],
            path: "Tests/CrashingJobs", swiftSettings: settings),
        tests(
            "CraneWebhooks",
            [
                "Crane", "CraneClient", "CraneJobs", "CraneSQLite", "CraneTesting", "TestSupport", httpTypes,
                logging,
            ]),
        tests("CraneTesting", ["Crane", "CraneServer", "CraneHTTP", "CraneSchema", httpTypes, logging]),
        tests("CraneTemplates", ["Crane", "CraneTesting"]),
        tests("CraneService", ["Crane", "CraneTesting", logging]),
        tests("CraneFoundation", ["Crane", "CraneTesting"]),
        tests(
            "CraneMetrics",
            ["Crane", "CraneTesting", .product(name: "Metrics", package: "swift-metrics")]),
        tests(
            "CraneTracing",
            [
                "Crane", "CraneTesting", httpTypes,
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]),
        tests(
            "CraneServiceLifecycle",
            ["Crane", "CraneTesting", .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")]),
        tests("CranePasswords", ["Crane", "CraneTesting"]),
        tests(
            "LiveTalk",
            [
                "Crane", "CraneCelery", "CraneClient", "CraneJobs", "CranePasswords", "CraneRedis",
                "CraneService", "CraneSQLite",
                "CraneTemplates", "CraneTesting", "CraneSchema", "CraneWebhooks", "TestSupport", logging,
            ]),
        // Every example and command of the documentation; `Programs` are compiled by its tests.
        .testTarget(
            name: "GuideTests",
            dependencies: [
                "Crane", "CraneCelery", "CraneClient", "CraneFoundation", "CraneJobs", "CraneMetrics",
                "CraneSQLite", "CraneTemplates", "CraneServer", "CraneServiceLifecycle", "CraneTesting",
                "CraneTracing", "CraneWebhooks", "CraneCommand", "LiveTalkCommand", "TestSupport", httpTypes,
                logging, .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            exclude: ["Programs"], resources: [.embedInCode("Pages")], swiftSettings: settings),
        .testTarget(
            name: "CraneCommandTests",
            dependencies: ["CraneCommand", "Crane", "CraneTesting", "TestSupport"],
            swiftSettings: settings),
        // Runs the built executable; its raw client is all calls of the C library.
        .testTarget(
            name: "LiveTalkCommandTests", dependencies: ["LiveTalkCommand", "CraneSQLite", "TestSupport"],
            swiftSettings: [.swiftLanguageMode(.v6)] + warnings),
    ]
)

// `LIVETALK_POSTGRES=0` in the environment leaves PostgreSQL out, and with it libpq.
if Context.environment["LIVETALK_POSTGRES"] != "0" {
    package.products += ["CranePostgres", "CranePostgresJobs"].map { .library(name: $0, targets: [$0]) }
    package.targets += [
        // As CCurl: loaded when it is needed, and linked nowhere.
        .systemLibrary(name: "CPostgres"),
        room(
            "CranePostgres", ["CraneSystem", "CraneLoop", "Crane", "CraneSchema", "CPostgres", logging]),
        tests(
            "CranePostgres",
            ["Crane", "CraneLoop", "CraneSchema", "CraneTesting", "TestSupport", logging]),
        room(
            "CranePostgresJobs", ["CraneSystem", "CraneHTTP", "CraneJobs", "CranePostgres", "CraneSchema"]),
    ]
    let users = ["CraneJobsTests", "GuideTests", "LiveTalk", "LiveTalkTests", "crashing-jobs"]
    for target in package.targets where users.contains(target.name) {
        target.dependencies += ["CranePostgres", "CranePostgresJobs"]
        target.swiftSettings?.append(.define("POSTGRES"))
    }
} else {
    let parts = [
        "CraneJobsTests": ["Postgres"], "GuideTests": ["Postgres.swift", "PostgresJobs.swift"],
        "LiveTalk": ["Postgres"], "LiveTalkTests": ["Postgres"], "crashing-jobs": ["Postgres.swift"],
    ]
    for target in package.targets { target.exclude += parts[target.name] ?? [] }
}

// Programs of the tests, which nobody else builds: `make bench` and `make conformance` say so in the environment.
if Context.environment["BENCHMARKS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fanout-hub", dependencies: ["Crane"], path: "Tests/Benchmarks/Fanout/Hub",
            swiftSettings: settings))
    package.targets.append(
        .executableTarget(
            name: "client-requests", dependencies: ["Crane", "CraneClient", "CraneLoop"],
            path: "Tests/Benchmarks/Client", swiftSettings: settings))
    package.targets.append(
        .executableTarget(
            name: "jobs-rate", dependencies: ["CraneJobs", "CraneSQLite", logging],
            path: "Tests/Benchmarks/Jobs",
            swiftSettings: settings))
    package.targets.append(
        .executableTarget(
            name: "batteries", dependencies: ["CraneSystem", "Crane"], path: "Tests/Benchmarks/Batteries",
            exclude: ["go", "nginx.conf"], swiftSettings: settings))
    package.targets.append(
        .executableTarget(
            name: "growth-routes", dependencies: ["Crane"], path: "Tests/Benchmarks/Growth",
            swiftSettings: settings))
    package.targets.append(
        .executableTarget(
            name: "codec-benchmark",
            dependencies: ["Crane", "CraneHTTP", "CraneSchema", "CraneTesting", logging],
            path: "Tests/Benchmarks/Codec", swiftSettings: settings))
}
if Context.environment["CONFORMANCE"] != nil {
    package.targets.append(
        .executableTarget(
            name: "typed-inputs", dependencies: ["Crane", "CraneServer", "CraneSchema"],
            path: "Tests/Conformance/inputs/Crane", swiftSettings: settings))
}
