/// A command that stands in a text and that these tests do not run.
struct Unrun: Sendable {
    /// What runs it instead.
    enum Reason: Sendable {
        /// `make test-systemd` runs this line of its scripts.
        case systemd(String)
        /// It is a target of the Makefile.
        case target
        /// What one does by hand, and why.
        case hand(String)
    }

    let document: String
    let command: String
    let reason: Reason

    static func has(_ command: String, in document: String) -> Bool {
        all.contains { $0.document == document && $0.command == command }
    }

    static let all: [Unrun] = readme + contributing + development + examples + deployment + measuring

    private static let readme = [
        Unrun(document: "README.md", command: "make demo", reason: .target),
        Unrun(document: "README.md", command: "make run", reason: .target),
        Unrun(document: "README.md", command: "make test", reason: .target),
    ]

    private static let contributing =
        ["make run", "make help", "make test"].map { command in
            Unrun(document: "CONTRIBUTING.md", command: command, reason: .target)
        }
        + ["swift build", "swift build --build-tests", "swift test --skip-build --filter RoutingTests"].map {
            Unrun(
                document: "CONTRIBUTING.md", command: $0,
                reason: .hand("would wait for the build that runs it"))
        }

    private static let development = [
        Unrun(
            document: "Docs/Guide/Development.md", command: "crane dev",
            reason: .hand("builds every dependency anew; `make example`"))
    ]

    private static let examples = [
        ("hello", ""), ("todo", ""), ("chat", ""), ("links", " Links --port 8000"),
        ("Bookmarks", " Bookmarks"),
    ].map { name, arguments in
        Unrun(
            document: "Examples/\(name)/README.md", command: "swift run" + arguments,
            reason: .hand("builds every dependency anew; `make example`"))
    }

    private static let deployment: [Unrun] = deploymentReasons.map {
        Unrun(document: "Docs/Deployment.md", command: $0.0, reason: $0.1)
    }

    private static let deploymentReasons: [(String, Reason)] = [
        ("make build", .target),
        (
            "apt-get install libuv1 libsqlite3-0 libsodium23 libqrencode4 zlib1g libcurl4 ca-certificates libpq5",
            .hand("the machine has them")
        ),
        ("make install", .systemd("make --silent install")),
        ("systemctl daemon-reload", .systemd("systemctl daemon-reload")),
        ("systemctl enable --now livetalk", .systemd("systemctl start livetalk")),
        ("systemctl status livetalk", .hand("a look at what `systemctl show` tells the test")),
        ("curl http://127.0.0.1:8000/readyz", .systemd("/readyz")),
        ("systemctl reload livetalk", .systemd("systemctl reload livetalk")),
        ("systemctl restart livetalk", .systemd("systemctl restart livetalk")),
        ("journalctl -u livetalk", .systemd("journalctl -u livetalk")),
        ("journalctl -u livetalk -p err", .systemd("journalctl -u livetalk -o cat ${2:+-p")),
        ("systemctl stop livetalk", .systemd("systemctl stop livetalk")),
        (
            "systemctl enable --now livetalk.socket",
            .systemd("systemctl enable --quiet --now livetalk.socket")
        ),
        ("curl http://127.0.0.1:8000/", .systemd("$url/")),
        (
            "curl --unix-socket /run/livetalk/livetalk.sock http://localhost/",
            .systemd("--unix-socket /run/livetalk/livetalk.sock")
        ),
        (
            "cp config/nginx.conf /etc/nginx/conf.d/livetalk.conf",
            .systemd("cp config/nginx.conf /etc/nginx/conf.d/livetalk.conf")
        ),
        ("nginx -t", .systemd("nginx -q -t")),
        ("systemctl reload nginx", .systemd("systemctl start nginx")),
        (
            "cp config/Caddyfile /etc/caddy/Caddyfile",
            .systemd("cat config/Caddyfile; } > /etc/caddy/Caddyfile")
        ),
        ("systemctl reload caddy", .systemd("systemctl start caddy")),
        ("systemctl start livetalk", .systemd("systemctl start livetalk")),
        (
            "make build && make install && systemctl daemon-reload && systemctl restart livetalk",
            .systemd("systemctl restart livetalk")
        ),
        ("docker build -f config/Dockerfile -t livetalk .", .hand("needs a container engine and a network")),
        (
            "docker compose -f config/compose.yaml up --build",
            .hand("needs a container engine and a network")
        ),
    ]

    private static let measuring =
        [
            "BENCHMARKS=1 swift build -c release --static-swift-stdlib --product codec-benchmark",
            ".build/release/codec-benchmark [--check] [--quick]",
        ].map { command in
            Unrun(
                document: "Tests/Benchmarks/README.md", command: command,
                reason: .hand("a release build takes minutes; `make bench`"))
        }
        + [
            "", " --check --json FILE", " --only plaintext --only pipelined --rounds 31", " --quick",
            " --livetalk none", " --peer 'node:/=node server.js {port}'",
        ].map { flags in
            Unrun(
                document: "Tests/Benchmarks/README.md",
                command: "python3 Tests/Benchmarks/bench.py" + flags,
                reason: .hand("takes minutes of a quiet machine; `make bench`"))
        }
        + ["--check --short", "--only post --profile out"].map { flags in
            Unrun(
                document: "Tests/Benchmarks/README.md",
                command: "python3 Tests/Benchmarks/instructions.py " + flags,
                reason: .hand("needs a release build; `make bench-check`"))
        }
        + [
            "run.py --kinds ws,sse --rounds 5",
            "run.py --subscribers 300 --rate 200 --size 3000 --load='--silent 50'",
            "run.py --burst 20 --rate 100 --subscribers 1000", "run.py --check --json FILE",
            "run.py --livetalk .build/release/livetalk", "resume.py --kills 0",
            "resume.py --livetalk .build/release/livetalk --kills 5 --seconds 60",
            "resume.py --livetalk .build/release/livetalk --kills 1 --subscribers 5000 --churn 0",
        ].map { command in
            Unrun(
                document: "Tests/Benchmarks/Fanout/README.md",
                command: "python3 Tests/Benchmarks/Fanout/" + command,
                reason: .hand("takes minutes of a quiet machine; `make bench-fanout`"))
        }
        + [
            ("./parity.sh", "make parity"), ("./parity.sh --only comments,cors", "make parity"),
            ("./parity.sh --livetalk PATH", "make parity"), ("./parity.sh --reference-only", "make parity"),
            ("./parity.sh --list", "make parity"), ("./websocket.sh", "make conformance"),
            ("./websocket.sh --short", "make conformance"), ("./websocket_browser.sh", "make conformance"),
            ("./python_client.sh", "make conformance"), ("./fuzz_api.sh", "make conformance"),
            ("DECIDED=no ./fuzz_api.sh", "make conformance"),
            ("TARGET=reference ./fuzz_api.sh", "make conformance"),
            ("./inputs.sh BINARY [COUNT] [SEED]", "make conformance"),
            ("celery/celery_workers.py --livetalk BINARY", "make conformance-celery"),
            ("celery/celery_workers.py --livetalk BINARY --short", "make conformance-celery"),
        ].map { command, target in
            Unrun(
                document: "Tests/Conformance/README.md", command: command,
                reason: .hand("needs packages of PyPI; `\(target)`"))
        }
        + [
            "python3 -m venv venv && venv/bin/pip install -r requirements.txt",
            "PYTHON=$PWD/venv/bin/python ./run.sh 9101", "PYTHON=$PWD/venv/bin/python ./run.sh 9102 some/dir",
        ].map { command in
            Unrun(
                document: "Tests/Conformance/reference/README.md", command: command,
                reason: .hand("needs packages of PyPI; `make parity` starts it"))
        }
}
