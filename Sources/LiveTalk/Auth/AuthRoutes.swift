import Crane
import HTTPTypes

/// The routes under `/auth`: a token for a password, and the same user by each of four schemes.
struct AuthRoutes: Sendable {
    let auth: Dependency<AuthService>

    func register(in app: inout App) {
        var router = APIRouter(prefix: "/auth", tags: ["auth"])
        router.post(
            "/token", OAuth2PasswordRequestForm.input, auth, ContextInput(), ResponseInput()
        ) { form, auth, context, changes in
            // RFC 6749, section 5.1.
            changes.setHeader(.cacheControl, "no-store")
            guard
                let entry = try await auth.user(name: form.username, password: form.password, context)
            else {
                throw HTTPError(
                    .unauthorized, AuthService.badLogin,
                    headers: [.wwwAuthenticate: "Bearer", .cacheControl: "no-store"])
            }
            return AccessToken(token: try await auth.token(for: entry), type: "bearer")
        }
        .name("login").description("Exchange a username and password for a bearer token.")
        .responds(.unauthorized, "Incorrect username or password")
        .responds(.tooManyRequests, FailedLogins.refusal)
        registerSchemes(in: &router)
        app.include(router)
    }

    /// The same user by each of four schemes.
    private func registerSchemes(in router: inout APIRouter) {
        let refused = "Not authenticated"
        let unknown = "Invalid token"
        router.get("/me", bearerUser) { $0 }
            .name("read_me").description("HTTPBearer (TokenBearer subclass).")
            .responds(.unauthorized, unknown).responds(.forbidden, refused)
        router.get("/basic", basicUser) { $0 }
            .name("read_basic").description("HTTPBasic.")
            .responds(.unauthorized, refused).responds(.tooManyRequests, FailedLogins.refusal)
        router.get("/api-key", keyUser) { $0 }
            .name("read_api_key").description("APIKeyHeader (X-API-Key carries the user's token).")
            .responds(.unauthorized, unknown).responds(.forbidden, refused)
        router.get("/oauth2", oauthUser) { $0 }
            .name("read_oauth2").description("OAuth2PasswordBearer.").responds(.unauthorized, refused)
    }

    /// A user who decides what is shown and staged, by the bearer scheme or as a page's session.
    static func moderator(_ auth: AuthService) -> Dependency<User> {
        Dependency(ModeratorToken()) { token in try await auth.moderator(token: token) }
    }

    private var bearerUser: Dependency<User> {
        Dependency(HTTPBearer(name: "TokenBearer"), auth) { sent, auth in
            try await auth.user(token: sent.credentials)
        }
    }

    private var oauthUser: Dependency<User> {
        Dependency(OAuth2PasswordBearer(tokenURL: "auth/token"), auth) { token, auth in
            try await auth.user(token: token)
        }
    }

    private var keyUser: Dependency<User> {
        Dependency(APIKeyHeader("X-API-Key"), auth) { key, auth in
            try await auth.user(token: key)
        }
    }

    private var basicUser: Dependency<User> {
        let basic = HTTPBasic()
        return Dependency(basic, auth, ContextInput()) { sent, auth, context in
            guard
                let user = try await auth.returningUser(
                    name: sent.username, password: sent.password, context)
            else { throw basic.unauthorized(AuthService.badLogin) }
            return user
        }
    }
}
