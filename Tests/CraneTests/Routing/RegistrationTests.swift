import Testing

@testable import Crane

@Suite("Registration")
struct RegistrationTests {
    @Test(
        "a mistaken path is named with its route",
        arguments: [
            ("comments", "a path begins with a slash"),
            ("", "a path begins with a slash"),
            ("//x", "a path has no two slashes beside each other"),
            ("/x//y", "a path has no two slashes beside each other"),
            ("/a{b}", #"a parameter takes a whole segment, which "a{b}" does not"#),
            ("/{a}b", #"a parameter takes a whole segment, which "{a}b" does not"#),
            ("/{a", #"a parameter takes a whole segment, which "{a" does not"#),
            ("/a}", #"a parameter takes a whole segment, which "a}" does not"#),
            ("/{}", #""{}" has no name"#),
            ("/{a{b}", #""{a{b}" has no name"#),
            ("/{a:int}", #""{a:int}" is neither {name} nor {name:path}"#),
            ("/{a}/{a}", "two parameters are called a"),
            ("/{a:path}/x", #""{a:path}" takes all the rest and so stands last"#),
        ])
    func mistakes(path: String, reason: String) {
        let route = Registration(method: .get, path: path) { _, _ in .text("") }
        #expect {
            try Router([route])
        } throws: { error in
            "\(error)" == "route GET \(path): \(reason)"
        }
    }

    @Test("two routes for the same requests are a mistake, whatever their parameters are called")
    func twins() {
        let routes = ["/a/{x}", "/a/{y}"].map { path in
            Registration(method: .put, path: path) { _, _ in .text("") }
        }
        #expect {
            try Router(routes)
        } throws: { error in
            "\(error)" == "route PUT /a/{y}: answers the same requests as PUT /a/{x}"
        }
    }

    @Test("building an application with a mistake ends the process")
    func trap() async {
        await #expect(processExitsWith: .failure) {
            var app = App()
            app.get("comments") { _, _ in .text("") }
            _ = app.build()
        }
    }
}
