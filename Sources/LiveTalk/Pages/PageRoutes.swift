import Crane

/// The pages of the room, and their files.
struct PageRoutes: Sendable {
    let talks: TalkStore

    func register(in app: inout App) {
        app.files(PageFiles.files)
        TalksPage(talks: talks, template: PageFiles.page("talks")).register(in: &app)
    }
}
