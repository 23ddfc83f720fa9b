import Crane
import CraneTemplates

/// The templates, styles and scripts of the pages: the files beside this one, which the build puts into the binary.
///
/// A page has one style and one script, each joined from several files.
enum PageFiles {
    /// The template of a page.
    static func page(_ name: String) -> PageTemplate {
        do {
            return try templates.page(name)
        } catch {
            preconditionFailure("\(error)")
        }
    }

    static let templates = Templates(
        [
            EmbeddedFile("frame.mustache", PackageResources.frame_mustache),
            EmbeddedFile("audience.mustache", PackageResources.audience_mustache),
            EmbeddedFile("comment.mustache", PackageResources.comment_mustache),
            EmbeddedFile("languages.mustache", PackageResources.languages_mustache),
            EmbeddedFile("stage.mustache", PackageResources.stage_mustache),
            EmbeddedFile("moderate.mustache", PackageResources.moderate_mustache),
            EmbeddedFile("login.mustache", PackageResources.login_mustache),
            EmbeddedFile("new.mustache", PackageResources.new_mustache),
            EmbeddedFile("jobs.mustache", PackageResources.jobs_mustache),
            EmbeddedFile("talks.mustache", PackageResources.talks_mustache),
            EmbeddedFile("missing.mustache", PackageResources.missing_mustache),
        ],
        // A start is counted, and the tests read them all.
        parsesAtStart: false)

    static let files = EmbeddedFiles([
        EmbeddedFile("talks.css", PackageResources.base_css + PackageResources.talks_css),
        EmbeddedFile("talks.js", PackageResources.base_js + PackageResources.talks_js),
        EmbeddedFile("audience.css", PackageResources.base_css + PackageResources.audience_css),
        EmbeddedFile(
            "audience.js",
            PackageResources.base_js + PackageResources.feed_js + PackageResources.audience_js),
        EmbeddedFile("jobs.css", PackageResources.base_css + PackageResources.jobs_css),
        EmbeddedFile("jobs.js", PackageResources.base_js + PackageResources.jobs_js),
        EmbeddedFile("stage.css", PackageResources.base_css + PackageResources.stage_css),
        EmbeddedFile(
            "stage.js", PackageResources.base_js + PackageResources.feed_js + PackageResources.stage_js),
        EmbeddedFile("moderate.css", PackageResources.base_css + PackageResources.moderate_css),
        EmbeddedFile(
            "moderate.js",
            PackageResources.base_js + PackageResources.feed_js + PackageResources.moderate_js),
    ])
}
