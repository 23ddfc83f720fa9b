/// Finds the word that was meant.
package enum Misspelling {
    /// The word that is the fewest typing mistakes away, three at most; fewer for short ones, of which any is near any other.
    package static func nearest(to word: String, in words: [String]) -> String? {
        let ranked = words.map { (word: $0, distance: distance($0, word)) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= min(3, max(1, word.utf8.count / 3)) ? best.word : nil
    }

    /// The words behind a mistake: `; did you mean serve?`, or nothing.
    package static func hint(for word: String, in words: [String]) -> String {
        nearest(to: word, in: words).map { "; did you mean \($0)?" } ?? ""
    }

    /// Letters that are to be put in, taken out or changed (Levenshtein).
    static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for (index, byte) in left.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let replaced = diagonal + (byte == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[right.count]
    }
}
