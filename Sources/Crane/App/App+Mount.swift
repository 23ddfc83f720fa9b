import CraneSystem

extension App {
    /// Serves another application under a path: `/admin/users` is its `/users`.
    ///
    /// ```swift
    /// app.mount("/admin", adminApp())
    /// ```
    /// It keeps its middleware, its errors and its documentation (`/admin/docs`); what passes to it has passed this application's middleware
    /// before. `trustedProxies` and `logger` are this one's, and overrides reach into it. It is set up after this one and sees what that has made,
    /// as any value under a key. It goes before this application's own routes of the same path.
    /// - Parameters:
    ///   - path: like `/admin`; `build()` traps with what is no path, or has an application already.
    ///   - app: as it is now: what is registered with it later is not served.
    public mutating func mount(_ path: String, _ app: App) {
        mounted.append(MountedApp(place: .path(path), app: app))
    }

    /// Serves another application to who asks for a host, in the place of this one's routes.
    ///
    /// All that `mount` says of applications under a path holds for it. It goes before those and before this application's own routes.
    /// - Parameters:
    ///   - host: a name without its port, or `*.example.com` for every host under that name.
    ///   - app: as it is now: what is registered with it later is not served.
    public mutating func host(_ host: String, _ app: App) {
        mounted.append(MountedApp(place: .host(host), app: app))
    }
}

/// Another application, and where it is served.
struct MountedApp: Sendable {
    enum Place: Sendable, Equatable {
        case path(String)
        case host(String)
    }

    let place: Place
    let app: App
}

extension App {
    /// The applications in this one, built: those of hosts first, then those of paths, the longest first.
    ///
    /// - Parameter firstCell: of the counters that are theirs.
    func builtMounts(_ configuration: AppConfiguration, firstCell: Int) throws(RegistrationError) -> [Mount] {
        var mounts: [Mount] = []
        var number = firstCell
        for (index, mounted) in mounted.enumerated() {
            var app = mounted.app
            app.trustedProxies = trustedProxies
            app.logger = logger
            app.overrides.merge(overrides) { _, outer in outer }
            let place: Mount.Place
            let name: String
            switch mounted.place {
            case .path(let path):
                name = "mount(\"\(path)\")"
                guard let root = RootPath(path), !root.text.isEmpty else {
                    throw RegistrationError(route: name, reason: "the path is not like /admin")
                }
                app.rootPath = ""
                place = .path(root)
            case .host(let host):
                name = "host(\"\(host)\")"
                let text = (host.hasPrefix("*.") ? String(host.dropFirst()) : host).loweredASCII
                guard !text.isEmpty, !text.contains("*") else {
                    throw RegistrationError(route: name, reason: "the host is not like *.example.com")
                }
                app.rootPath = rootPath
                place = host.hasPrefix("*.") ? .hostsUnder(text) : .host(text)
            }
            if self.mounted[..<index].contains(where: { $0.place == mounted.place }) {
                throw RegistrationError(route: name, reason: "there is an application already")
            }
            let pattern = try RoutePattern(place.pattern, route: name)
            let responder = try app.checked(in: configuration)
            mounts.append(Mount(place, pattern, number: number, responder))
            number += responder.cells
        }
        return mounts.sorted { $0.place.rank > $1.place.rank }
    }
}
