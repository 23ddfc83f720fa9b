/// JavaScript of the interactive page: the operations, sending, and the answers.
extension DocsPages {
    static let tryOut = #"""
        // Every open operation shows its curl line anew when credentials or the server change.
        const refreshers = new Set();
        const credentialsChanged = () => {
            for (const refresh of refreshers) refresh();
            const button = find("authorise");
            if (button) button.lastChild.textContent = credentials.size ? "Authorised" : "Authorise";
        };

        function operationSection(one) {
            const [titleID, contentID] = [nextID(), nextID()];
            const content = h("div", { class: "content", id: contentID, hidden: true });
            const secured = required(one).some((all) => Object.keys(all).length);
            const title = h("button", {
                type: "button", id: titleID, class: "title", "aria-expanded": "false", "aria-controls": contentID,
                onclick: () => show(content.hidden),
            }, badge(one.method), h("code", { class: one.operation.deprecated ? "path old" : "path" }, pathText(one.path)),
            h("span", { class: "summary" }, one.operation.summary),
            one.operation.deprecated && h("span", { class: "limit" }, "deprecated"),
            secured && h("span", { class: "lock" }, lock(), h("span", { class: "unseen" }, "needs authorisation")));
            const section = h("section", { class: "operation", id: one.anchor, "aria-labelledby": titleID },
                h("h3", {}, title), content);
            const show = (shown) => {
                if (shown && !content.hasChildNodes()) content.append(...operationContent(one));
                content.hidden = !shown;
                title.setAttribute("aria-expanded", String(shown));
            };
            section.addEventListener("keydown", (event) => {
                if (event.key !== "Escape" || content.hidden) return;
                show(false);
                title.focus();
            });
            section.open = () => show(true);
            return section;
        }

        // The path, which may break after a slash, with its variables apart.
        const pathText = (path) => path.split(/(\{[^}]*\}|\/)/).flatMap((part) =>
            part === "/" ? ["/", h("wbr")] : part.startsWith("{") ? [h("span", { class: "variable" }, part)] : [part]);

        function operationContent(one) {
            const { operation } = one;
            const fields = one.parameters.map((parameter) => {
                const schema = parameter.schema ?? entries(parameter.content)[0]?.[1]?.schema ?? {};
                const example = parameter.example ?? resolve(entries(parameter.examples)[0]?.[1]).value;
                const made = field(text(parameter.name), schema, {
                    required: parameter.required === true, place: text(parameter.in), about: parameter.description, example,
                });
                return { parameter, ...made };
            });
            const body = requestBody(operation);
            const answer = h("div", { class: "answer", "aria-live": "polite" });
            const curl = h("pre", { tabindex: "0", role: "region", "aria-label": "curl" });
            const made = () => buildRequest(one, fields, body?.read());
            const refresh = () => { curl.textContent = curlLine(made()); };
            refreshers.add(refresh);
            const send = h("button", { class: "main" }, "Send");
            const form = h("form", {
                class: "request", novalidate: true, oninput: refresh, onchange: refresh,
                onsubmit: (event) => {
                    event.preventDefault();
                    refresh();
                    const missing = fields.find(({ parameter, read }) => parameter.in === "path" && !read().length);
                    for (const { control } of fields) control.removeAttribute("aria-invalid");
                    if (missing) {
                        missing.control.setAttribute("aria-invalid", "true");
                        missing.control.focus();
                        answer.replaceChildren(h("p", { class: "problem" },
                            `The path needs a value for ${missing.parameter.name}.`));
                    } else {
                        exchange(made(), answer, send);
                    }
                },
            },
            fields.length > 0 && [h("h4", {}, "Parameters"), fields.map((each) => each.element)],
            body && [h("h4", {}, "Body"), body.element],
            h("div", { class: "row" }, send, !fields.length && !body && h("span", { class: "soft small" }, "No parameters")),
            h("h4", {}, "curl"), h("div", { class: "curl" }, curl, copyButton(() => curl.textContent)));
            refresh();
            return [
                prose(operation.description),
                operation.externalDocs?.url && h("p", {}, link(operation.externalDocs.url,
                    operation.externalDocs.description ?? "More documentation")),
                h("div", { class: "columns" }, form, h("div", { class: "answers" }, answer, documentedAnswers(operation))),
            ].filter(Boolean);
        }

        // The body's controls, and a choice of media type when there are several.
        function requestBody(operation) {
            const { content, description } = resolve(operation.requestBody);
            const types = entries(content);
            if (!types.length) return null;
            let current = bodyControls(...types[0]);
            const place = h("div", {}, current.element);
            const chooser = types.length > 1 && h("select", {
                "aria-label": "Media type", onchange: (event) => {
                    current = bodyControls(...types[event.target.selectedIndex]);
                    place.replaceChildren(current.element);
                },
            }, types.map(([type]) => h("option", {}, type)));
            return {
                element: h("div", {}, prose(description, "prose small"),
                    chooser || h("p", { class: "soft small" }, types[0][0]), place),
                read: () => current.read(),
            };
        }

        // The answers that the document promises, folded.
        function documentedAnswers(operation) {
            const answers = entries(operation.responses).map(([status, source]) => {
                const answer = resolve(source);
                const media = entries(answer.content).map(([type, each]) => [
                    h("p", { class: "soft small" }, type),
                    each.schema && Object.keys(resolve(each.schema)).length > 0 && [
                        schemaView(each.schema, false),
                        examplesOf(each, "response").map(([name, value]) => code(exampleText(value, type), type, name)),
                    ],
                ]);
                const headers = entries(answer.headers).map(([name, header]) =>
                    term(name, resolve(header).schema ?? {}, { about: resolve(header).description }));
                return h("details", { class: "documented" },
                    h("summary", {}, h("code", { class: `status s${status[0]}` }, status), " ", text(answer.description ?? "")),
                    h("div", { class: "inside" }, headers, media));
            });
            return [h("h4", {}, "Answers"), answers];
        }

        // Sends, and shows the answer as it comes; the button stops it meanwhile.
        async function exchange(request, place, button) {
            if (button.stop) return button.stop();
            const control = new AbortController();
            button.stop = () => control.abort();
            button.textContent = "Stop";
            place.replaceChildren(h("p", { class: "soft" }, "Waiting for the answer\u2026"));
            const start = performance.now();
            try {
                const response = await fetch(request.url, fetchOptions(request, control.signal));
                await showAnswer(response, start, place);
            } catch (error) {
                const words = control.signal.aborted ? "Stopped." : `No answer: ${error.message}. `
                    + "The server may be down, or may not allow this page's origin (CORS).";
                place.append(h("p", { class: "problem" }, words));
                place.querySelector(".soft")?.remove();
            } finally {
                button.stop = null;
                button.textContent = "Send";
            }
        }

        async function showAnswer(response, start, place) {
            const type = response.headers.get("content-type") ?? "";
            const figures = h("span", { class: "soft" });
            const shown = h("div");
            const headers = [...response.headers].map(([name, value]) =>
                [h("dt", {}, name), h("dd", {}, value)]);
            place.replaceChildren(
                h("h4", {}, "Answer"),
                h("p", { class: "row" }, h("code", { class: `status s${String(response.status)[0]}` },
                    `${response.status} ${response.statusText}`.trim()), figures),
                shown, folded(`Headers (${headers.length})`, h("dl", {}, headers), false));
            const textual = !type || /^text\/|[/+](json|xml|javascript)|x-www-form-urlencoded|ndjson/i.test(type);
            const live = textual && !isJSON(type) ? h("pre", { tabindex: "0" }) : null;
            if (live) shown.append(live);
            const decoder = new TextDecoder();
            const [chunks, limit] = [[], 16 << 20];
            const reader = response.body?.getReader();
            let size = 0;
            for (let read; reader && !(read = await reader.read()).done;) {
                chunks.push(read.value);
                size += read.value.length;
                if (live && size < 1 << 20) live.append(decoder.decode(read.value, { stream: true }));
                if (size > limit) await reader.cancel();
            }
            const time = performance.now() - start;
            figures.textContent = `${time < 10 ? time.toFixed(1) : Math.round(time)} ms, ${size.toLocaleString("en")} bytes`
                + (size > limit ? ", cut off" : "");
            if (!size) return shown.replaceChildren(h("p", { class: "soft" }, "No body"));
            const blob = new Blob(chunks, { type });
            if (/^image\//i.test(type)) {
                shown.append(h("img", { src: URL.createObjectURL(blob), alt: "The answer, an image" }));
            } else if (isJSON(type)) {
                const body = await blob.text();
                shown.append(code(size < 1 << 20 ? pretty(body) : body.slice(0, 1 << 20), type, "Body"));
            }
            if (!textual || size > 1 << 20) {
                shown.append(h("p", {}, h("a", { href: URL.createObjectURL(blob), download: "answer" }, "Save the body")));
            }
        }

        function openAnchor() {
            const section = location.hash.length > 1 && find(location.hash.slice(1));
            if (!section?.open) return;
            section.open();
            section.scrollIntoView();
            section.querySelector("button").focus({ preventScroll: true });
        }

        if (await readDocument()) {
            const groups = groupsOf(operationsOf(api.paths));
            const dialog = authorisationDialog();
            const servers = list(api.servers);
            const sections = groups.map(([tag, { about, operations }]) => h("section", { class: "group" },
                h("h2", {}, tag), prose(about?.description), operations.map(operationSection)));
            const models = entries(api.components?.schemas).map(([name, schema]) =>
                h("details", { class: "documented" }, h("summary", {}, h("code", {}, name)), schemaView(schema, false)));
            find("main").replaceChildren(
                opening(h("div", { class: "row" },
                    schemes().length > 0 && h("button", {
                        type: "button", id: "authorise", onclick: () => dialog.showModal(),
                    }, lock(), h("span", {}, "Authorise")),
                    servers.length > 1 && h("label", {}, "Server ", h("select", { id: "server", onchange: credentialsChanged },
                        servers.map((server, at) => h("option", { value: at }, text(server.description ?? server.url))))))),
                ...sections,
                models.length ? h("section", { class: "models" }, h("h2", {}, "Schemas"), models) : "",
                dialog);
            listContents(groups, sections);
            addEventListener("hashchange", openAnchor);
            find("links").addEventListener("click", (event) => {
                if (event.target.closest("a")?.hash === location.hash) openAnchor();
            });
            openAnchor();
        }

        """#
}
