import Testing

@testable import LiveTalk

@Suite("QR codes")
struct QRCodeTests {
    /// Of version 2, with the mask that the encoder has chosen; zbarimg(1) reads this text from it.
    private static let demo = """
        #######....######.#######
        #.....#.#.#.#..#..#.....#
        #.###.#..####...#.#.###.#
        #.###.#..#...###..#.###.#
        #.###.#.#.#.#.#.#.#.###.#
        #.....#...####.#..#.....#
        #######.#.#.#.#.#.#######
        .........#..##.#.........
        #.#.#.#..##.##..#...#..#.
        .###....##...#.#.#.##...#
        .....####.####...####.###
        ..#.##..###.####..##...#.
        ####..#..####.......##.##
        .###...#####.#..#.##.#..#
        #...#.#.#...####..#...###
        .#..#...#.##....#..#.#.#.
        #..##.#.###..#..#####....
        ........###.#####...##.##
        #######....###..#.#.#.###
        #.....#..#..##..#...####.
        #.###.#.#......##########
        #.###.#..#.###.##...#..#.
        #.###.#.#.####.#.#.#.#..#
        #.....#...#.##.##...#.##.
        #######.#.......#..##..##
        """

    @Test("hold an address as readers know it")
    func vector() throws {
        let code = try #require(QRCode("http://127.0.0.1:8000/t/demo"))
        let rows = (0..<code.width).map { row in
            (0..<code.width).map { code[row, $0] ? "#" : "." }.joined()
        }
        #expect(rows.joined(separator: "\n") == Self.demo)
    }

    @Test("are drawn black on white with four light modules around them")
    func drawing() throws {
        let code = try #require(QRCode("http://127.0.0.1:8000/t/demo"))
        let svg = code.svg(label: "Talk <\"&\">")
        #expect(
            svg.contains(#"viewBox="0 0 33 33""#) && svg.contains(##"<path fill="#fff" d="M0 0h33v33H0z"/>"##)
        )
        #expect(svg.contains(##"aria-label="Talk &lt;&quot;&amp;&quot;>""##))
        // Each run of dark modules, drawn again as it stands in the picture.
        var drawn = Set<[Int]>()
        for run in svg.matches(of: /M(\d+) (\d+)h(\d+)v1h-(\d+)z/) {
            let numbers = [run.1, run.2, run.3, run.4].compactMap { Int($0) }
            try #require(numbers.count == 4 && numbers[2] == numbers[3])
            for column in numbers[0]..<(numbers[0] + numbers[2]) { drawn.insert([numbers[1], column]) }
        }
        for row in 0..<33 {
            for column in 0..<33 {
                #expect(drawn.contains([row, column]) == code[row - 4, column - 4])
            }
        }
    }

    @Test("grow with the text, up to the most that one holds", arguments: [(1, 21), (213, 57), (2331, 177)])
    func sizes(_ length: Int, _ width: Int) {
        #expect(QRCode(String(repeating: "a", count: length))?.width == width)
    }

    @Test("are not made of what none holds")
    func refusals() {
        #expect(
            QRCode("") == nil && QRCode("a\0b") == nil && QRCode(String(repeating: "a", count: 2332)) == nil)
    }
}
