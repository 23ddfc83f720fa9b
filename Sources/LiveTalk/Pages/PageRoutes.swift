import Crane

/// The pages of the room, and their files.
struct PageRoutes<Store: CommentStore>: Sendable {
    let talks: any TalkStore
    let room: any RoomStore
    let service: CommentService<Store>
    let auth: AuthService

    func register(in app: inout App) {
        app.files(PageFiles.files)
        TalksPage(talks: talks, template: PageFiles.page("talks")).register(in: &app)
        let audience = AudiencePage(
            talks: talks, room: room, rules: service.rules, template: PageFiles.page("audience"),
            missing: PageFiles.page("missing"))
        audience.register(in: &app)
        AudienceActs(page: audience, service: service).register(in: &app)
        StagePage(audience: audience, template: PageFiles.page("stage")).register(in: &app)
        let login = ModeratorLogin(auth)
        ModeratePage(audience: audience, login: login, template: PageFiles.page("moderate")).register(
            in: &app)
        NewTalkPage(talks: talks, login: login, template: PageFiles.page("new")).register(in: &app)
    }
}
