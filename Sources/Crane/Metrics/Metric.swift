/// Numbers of one name that an application tells those who collect metrics, in Prometheus's terms.
///
/// What tells the numbers of a name apart are their labels; a label takes few values, none that a client chooses: each is kept for ever
/// by those who collect.
public struct Metric: Sendable {
    /// A number with its labels.
    package struct Sample: Sendable {
        /// Behind the metric's name: `_bucket`, `_sum`; empty for most.
        let suffix: String
        /// As the text format writes them, with their braces; empty for none.
        let labels: String
        let value: String
    }

    let name: String
    let type: String
    let help: String
    let samples: [Sample]

    package init(_ name: String, _ type: String, _ help: String, _ samples: [Sample]) {
        (self.name, self.type, self.help, self.samples) = (name, type, help, samples)
    }

    /// A number that grows until the service ends; its name ends in `_total` by custom, and the application's prefix is put before it.
    public static func counter(_ name: String, _ help: String, _ value: some Numeric & Sendable) -> Metric {
        Metric(name, "counter", help, [Sample([], "\(value)")])
    }

    /// The same, told apart by the values of a label.
    public static func counter(
        _ name: String, _ help: String, by label: String, _ values: [(String, Int)]
    ) -> Metric {
        Metric(name, "counter", help, values.map { Sample([(label, $0.0)], "\($0.1)") })
    }

    /// A number that rises and falls.
    public static func gauge(_ name: String, _ help: String, _ value: some Numeric & Sendable) -> Metric {
        Metric(name, "gauge", help, [Sample([], "\(value)")])
    }

    /// The same, told apart by the values of a label.
    public static func gauge<Value: Numeric & Sendable>(
        _ name: String, _ help: String, by label: String, _ values: [(String, Value)]
    ) -> Metric {
        Metric(name, "gauge", help, values.map { Sample([(label, $0.0)], "\($0.1)") })
    }

    /// The upper bounds of a latency's histogram: those of Prometheus's clients, and below them what most responses take.
    public static let usualBuckets: [Duration] = [
        .microseconds(100), .microseconds(250), .microseconds(500), .milliseconds(1), .microseconds(2500),
        .milliseconds(5), .milliseconds(10), .milliseconds(25), .milliseconds(50), .milliseconds(100),
        .milliseconds(250), .milliseconds(500), .seconds(1), .milliseconds(2500), .seconds(5), .seconds(10),
    ]

    /// The lines of Prometheus's text format (https://prometheus.io/docs/instrumenting/exposition_formats/).
    ///
    /// - Parameter prefix: what the name begins with, before an underscore; empty for nothing.
    package func text(_ prefix: String) -> String {
        let name = prefix.isEmpty ? name : prefix + "_" + name
        let head = "# HELP \(name) \(Metric.escaped(help, quotes: false))\n# TYPE \(name) \(type)\n"
        return samples.reduce(into: head) { text, sample in
            text += "\(name)\(sample.suffix)\(sample.labels) \(sample.value)\n"
        }
    }

    /// Backslashes and line ends, and quotes in the values of labels.
    fileprivate static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}

extension Metric.Sample {
    package init(_ labels: [(name: String, value: String)], suffix: String = "", _ value: String) {
        let pairs = labels.map { "\($0.name)=\"\(Metric.escaped($0.value, quotes: true))\"" }
        self.init(
            suffix: suffix, labels: pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}", value: value)
    }

    /// The samples of a histogram.
    ///
    /// - Parameters:
    ///   - bounds: the upper bounds, ascending.
    ///   - counts: what was counted between the bounds; the last are those beyond all.
    package static func histogram(
        _ labels: [(name: String, value: String)], bounds: [Double], counts: [Int], sum: Double
    ) -> [Metric.Sample] {
        var below = 0
        let buckets = zip(bounds.map { "\($0)" } + ["+Inf"], counts).map { end, count in
            below += count
            return Metric.Sample(labels + [("le", end)], suffix: "_bucket", "\(below)")
        }
        return buckets + [
            Metric.Sample(labels, suffix: "_sum", "\(sum)"),
            Metric.Sample(labels, suffix: "_count", "\(below)"),
        ]
    }
}
