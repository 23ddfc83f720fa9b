/// A number that a service tells those who collect metrics, in Prometheus's terms.
public struct Metric: Sendable {
    let name: String
    let type: String
    let help: String
    /// Each with its labels, as the text format writes them.
    let samples: [(labels: String, value: String)]

    private init(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: String)])
    {
        (self.name, self.type, self.help, self.samples) = (name, type, help, samples)
    }

    /// A number that grows until the service ends; its name ends in `_total` by custom, and the service's prefix is put before it.
    public static func counter(_ name: String, _ help: String, _ value: some Numeric & Sendable) -> Metric {
        Metric(name, "counter", help, [("", "\(value)")])
    }

    /// The same, told apart by the values of a label.
    public static func counter(
        _ name: String, _ help: String, by label: String, _ values: [(String, Int)]
    ) -> Metric {
        Metric(name, "counter", help, values.map { ("{\(label)=\"\($0.0)\"}", "\($0.1)") })
    }

    /// A number that rises and falls.
    public static func gauge(_ name: String, _ help: String, _ value: some Numeric & Sendable) -> Metric {
        Metric(name, "gauge", help, [("", "\(value)")])
    }

    /// The lines of Prometheus's text format (https://prometheus.io/docs/instrumenting/exposition_formats/).
    func text(_ prefix: String) -> String {
        let name = prefix + "_" + name
        return samples.reduce(into: "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n") { text, sample in
            text += "\(name)\(sample.labels) \(sample.value)\n"
        }
    }
}
