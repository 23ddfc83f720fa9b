import Crane

/// An application's routes as a table for a terminal: method, path, summary, credentials.
package struct RouteTable: CustomStringConvertible {
    package let description: String

    package init(_ app: App) {
        let rows = app.routeSummaries.map {
            [$0.method, $0.path, $0.summary, $0.security.joined(separator: ", ")]
        }
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        description = rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            let line = cells.joined(separator: "  ")
            return String(
                line.prefix(upTo: line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex))
        }.joined(separator: "\n")
    }
}
