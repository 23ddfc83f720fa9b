/// The arguments of `livetalk serve` as nearly every start has them: none, or pairs of a flag and a value.
///
/// ArgumentParser finds the flags by reflection, which was a quarter of a start. What is not plain, such as a mistake, a wish for
/// help or `--port=80`, is left to it; a test holds the two to the same.
struct PlainArguments {
    /// By their names in the environment.
    private(set) var settings: [String: String] = [:]
    private(set) var envFile: String?

    /// - Parameter arguments: those of the process without its name; `nil` for any that are not plain ones of `serve`.
    init?(_ arguments: ArraySlice<String>) {
        guard arguments.first == "serve" else { return nil }
        var rest = arguments.dropFirst()
        while let flag = rest.popFirst() {
            guard let value = rest.popFirst(), value.utf8.first != UInt8(ascii: "-") else { return nil }
            if let known = SettingFlags.all.first(where: { $0.flag == flag }) {
                settings[known.setting] = value
            } else if flag == "--env-file" {
                envFile = value
            } else {
                return nil
            }
        }
    }
}
