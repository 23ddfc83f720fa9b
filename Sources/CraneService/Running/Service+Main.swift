import CraneSystem

extension Service {
    /// The program: serves, or does what else its command line says; ends the process.
    ///
    /// Flags, environment and the file of settings are read as ``ServiceSettings`` describes them. A failure is one line on
    /// standard error and the status 1, or 64 for a bad command line.
    public static func main() -> Never {
        ServiceProcess.prepare()
        let command = name.lowercased()
        do {
            let arguments = try ServiceArguments<Settings>(Array(CommandLine.arguments.dropFirst()))
            switch arguments.command {
            case .serve: try serve(flags: arguments.flags, file: arguments.file)
            case .health: try checkHealth(flags: arguments.flags, file: arguments.file)
            case .routes: try printRoutes(flags: arguments.flags, file: arguments.file)
            case .completions:
                let completions = ServiceArguments<Settings>.completions(command)
                try StandardStreams.write(completions.script(for: arguments.shell ?? .bash))
            case .help: try StandardStreams.write(ServiceArguments<Settings>.help(command))
            case .version: try StandardStreams.write(version)
            }
            exit(0)
        } catch let mistake as ServiceArguments<Settings>.Mistake {
            ServiceProcess.fail(
                command, "\(mistake.description); see \(command) --help", status: ServiceProcess.usageStatus)
        } catch {
            ServiceProcess.fail(command, "\(error)")
        }
    }
}
