import Crane
import CraneCelery
import CraneHTTP
import CraneJobs
import CraneSQLite
import CraneSchema
import CraneTemplates
import HTTPTypes

/// `/jobs`: how the jobs stand, which there are, and how one has gone, with the acts of `/jobs/{job_id}/…`; a login for others.
struct JobsPage: Sendable {
    static let path = "/jobs"
    /// So many jobs stand on a page.
    static let length = 50

    let jobs: Jobs
    /// Where the embedded broker's tasks are; `nil` where there is none.
    let database: Database?
    let login: ModeratorLogin
    let template: PageTemplate

    /// Which jobs are looked at, and which one of them.
    struct View: Sendable {
        var state: Job.State?
        var text: String?
        var before: Int?
        var job: Int?

        static let input: Dependency<View> = Dependency(
            Query("state", Job.State?.self), Query("q", String?.self), Query("before", Int?.self),
            Query("job", Int?.self)
        ) { state, text, before, job in
            // A form sends its empty fields too.
            View(state: state, text: text == "" ? nil : text, before: before, job: job)
        }

        var query: JobQuery {
            JobQuery(state: state, text: text, before: before, limit: JobsPage.length + 1)
        }

        /// The page's address with this view of it.
        func address(in frame: PageFrame) -> String {
            let pairs = [
                ("state", state?.rawValue), ("q", text), ("before", before.map { "\($0)" }),
                ("job", job.map { "\($0)" }),
            ]
            return frame.address(
                JobsPage.path, pairs.compactMap { name, value in value.map { (name, $0.percentEncoded()) } })
        }

        /// The same with another job, or none.
        func showing(_ job: Int?) -> View {
            var view = self
            view.job = job
            return view
        }
    }

    func register(in app: inout App) {
        app.get(Self.path, PageFrame.input, View.input) { [self] frame, view in
            guard let user = try await login.moderator(frame.request) else {
                return try await login.page(frame, at: view.address(in: frame))
            }
            return try await page(frame, view, user)
        }.hidden()
        app.post(
            Self.path, PageFrame.input, View.input, ModeratorLogin.Fields.input, Form("act", Act?.self),
            Form("id", Int?.self)
        ) { [self] frame, view, fields, act, id in
            guard let act, let id else {
                return try await login.answer(fields, frame, at: view.address(in: frame))
            }
            guard let user = try await login.moderator(frame.request) else {
                return try await login.page(frame, at: view.address(in: frame), status: .forbidden)
            }
            return try await perform(act, id, frame, view, user)
        }.middleware(CSRF()).hidden()
    }

    /// What a button does.
    enum Act: String, Sendable, CaseIterable, SchemaRepresentable {
        case retry
        case cancel

        static let schema = Choice<Act>(name: "JobAct", description: "What is done with a job")
    }

    /// Does it and leads back to the page; or says why not.
    private func perform(
        _ act: Act, _ id: Int, _ frame: PageFrame, _ view: View, _ user: User
    ) async throws -> Response {
        do {
            let isThere = try await JobRoutes.translated {
                switch act {
                case .retry: try await jobs.retry(id)
                case .cancel: try await jobs.cancel(id)
                }
            }
            if isThere { return .redirect(to: view.address(in: frame), status: .seeOther) }
            return try await page(
                frame, view, user, error: frame.strings.text("jobs_missing"), status: .notFound)
        } catch let error as HTTPError where error.status == .conflict {
            return try await page(
                frame, view, user, error: frame.strings.text("jobs_late", ["id": id]), status: .conflict)
        }
    }

    private func page(
        _ frame: PageFrame, _ view: View, _ user: User, error: String? = nil,
        status: HTTPResponse.Status? = nil
    ) async throws -> Response {
        let loop = frame.context.loop
        let found = try await JobRoutes.translated { try await jobs.jobs(view.query, on: loop) }
        let summary = try await JobRoutes.translated { try await jobs.summary(on: loop) }
        let tasks = try await JobRoutes.translated { try await celery(view, on: loop) }
        var shown: Job?
        if let id = view.job { shown = try await JobRoutes.translated { try await jobs.job(id) } }
        let rows = JobRows(strings: frame.strings)
        let older = found.count > Self.length ? found[Self.length - 1].id : nil
        var next = view.showing(nil)
        next.before = older
        let html = try frame.page(
            template, title: frame.strings.text("jobs_title"), file: "jobs", data: [],
            [
                .init("action", .string(view.address(in: frame))),
                .init("all", .string(View().address(in: frame))),
                .init("standing", .string(rows.standing(summary))),
                .init("counts", rows.counts(summary, view, frame)), .init("chart", rows.chart(summary)),
                .init("q", .string(view.text ?? "")),
                .init("state", view.state.map { .string($0.rawValue) } ?? .null),
                .init("jobs", .array(found.prefix(Self.length).map { rows.row($0, view, frame) })),
                .init("celery", .array(tasks.map { rows.row($0) })),
                .init("hasCelery", .bool(!tasks.isEmpty)),
                .init("older", older == nil ? .null : .string(next.address(in: frame))),
                .init("shown", shown.map { rows.whole($0) } ?? .null),
                .init("isMissing", .bool(view.job != nil && shown == nil)),
                .init("back", .string(view.showing(nil).address(in: frame))),
                .init("error", error.map { .string($0) } ?? .null), .init("user", .string(user.name)),
            ])
        return ModeratorLogin.response(html, frame, status: status)
    }
}

extension JobsPage {
    /// The tasks of Celery's that suit the view, on its first page.
    private func celery(_ view: View, on loop: any LoopServices) async throws -> [BrokerTask] {
        guard view.before == nil, let database else { return [] }
        return try await loop.blocking {
            try database.read { connection in
                try connection.limited(to: .seconds(2)) {
                    try BrokerTask.recent(view.state, text: view.text, limit: Self.length, connection)
                }
            }
        }
    }
}
