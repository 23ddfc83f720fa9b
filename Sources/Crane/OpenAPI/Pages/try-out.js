// The interactive page: the operations, sending, and what comes back.

// Operations that were opened show their curl line anew when the credentials or the server change.
const refreshers = new Set();
const credentialsChanged = () => {
    for (const refresh of refreshers) refresh();
    const label = find("authorize")?.lastChild;
    if (label) label.textContent = credentials.size ? "Authorized" : "Authorize";
};

function operationSection(one) {
    const [titleID, contentID] = [nextID(), nextID()];
    const { deprecated, summary } = one.operation;
    const content = h("div", { class: "content", id: contentID, hidden: true });
    const secured = securityOf(one).some((all) => Object.keys(all).length);
    const show = (shown) => {
        if (shown && !content.hasChildNodes()) content.append(...operationContent(one));
        content.hidden = !shown;
        title.setAttribute("aria-expanded", String(shown));
    };
    const title = h("button", {
        type: "button", id: titleID, class: "title",
        "aria-expanded": "false", "aria-controls": contentID,
        onclick: () => {
            show(content.hidden);
            if (!content.hidden) history.replaceState(null, "", `#${one.anchor}`);
        },
    },
    badge(one.method), h("code", { class: deprecated ? "path old" : "path" }, pathText(one.path)),
    h("span", { class: "summary" }, summary),
    deprecated && h("span", { class: "limit" }, "deprecated"),
    secured && h("span", { class: "lock" }, lock(),
        h("span", { class: "unseen" }, "needs authorization")));
    const section = h("section", {
        class: "operation", id: one.anchor, "aria-labelledby": titleID,
        onkeydown: (event) => {
            if (event.key !== "Escape" || content.hidden) return;
            show(false);
            title.focus();
        },
    }, h("h3", {}, title), content);
    section.open = () => show(true);
    return section;
}

// The path, which may break after a slash, with its variables apart.
const pathText = (path) => path.split(/(\{[^}]*\}|\/)/).filter(Boolean).map((part) =>
    part === "/" ? ["/", h("wbr")] : part[0] === "{" ? h("span", { class: "variable" }, part) : part);

function operationContent(one) {
    const { operation } = one;
    const fields = one.parameters.map((parameter) => ({
        parameter,
        ...field(text(parameter.name), schemaOf(parameter), {
            required: parameter.required === true, place: text(parameter.in),
            about: parameter.description, example: exampleOf(parameter),
        }),
    }));
    const body = requestBody(operation);
    const response = responseView();
    const curl = h("pre", { tabindex: "0", role: "region", "aria-label": "curl" });
    const made = () => buildRequest(one, fields, body?.read());
    const refresh = () => { curl.textContent = curlLine(made()); };
    refreshers.add(refresh);
    const button = h("button", { class: "main" }, "Send");
    const submit = (event) => {
        event.preventDefault();
        refresh();
        for (const { control } of fields) control.removeAttribute("aria-invalid");
        const missing = fields.find((each) => each.parameter.in === "path" && !each.read().length);
        if (!missing) return exchange(made(), response, button);
        missing.control.setAttribute("aria-invalid", "true");
        missing.control.focus();
        response.say(h("span", { class: "problem" }, `The path needs ${missing.parameter.name}.`));
    };
    const request = h("form",
        { class: "request", novalidate: true, oninput: refresh, onchange: refresh, onsubmit: submit },
        fields.length > 0 && [h("h4", {}, "Parameters"), fields.map((each) => each.element)],
        body && [h("h4", {}, "Body"), body.element],
        h("div", { class: "row" }, button,
            !fields.length && !body && h("span", { class: "soft small" }, "No parameters")),
        h("h4", {}, "curl"), h("div", { class: "curl" }, curl, copyButton(() => curl.textContent)));
    refresh();
    const responses = h("div", {}, response.element, documentedResponses(operation));
    return [prose(operation.description), moreOf(operation),
        h("div", { class: "columns" }, request, responses)].filter(Boolean);
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
    const type = chooser || h("p", { class: "soft small" }, types[0][0]);
    const element = h("div", {}, prose(description, "prose small"), type, place);
    return { element, read: () => current.read() };
}

// The responses that the document promises, folded.
function documentedResponses(operation) {
    const all = entries(operation.responses).map(([code, source]) => {
        const response = resolve(source);
        return h("details", { class: "documented", open: succeeds(code) },
            h("summary", {}, status(code), " ", text(response.description ?? "")),
            h("div", { class: "inside" },
                headersOf(response), entries(response.content).map(mediaView)));
    });
    return [h("h4", {}, "Responses"), all];
}

function mediaView([type, media]) {
    return [h("p", { class: "soft small" }, type), isDescribed(media) && [
        schemaView(media.schema, false),
        examplesOf(media, "response").map(([name, value]) =>
            code(exampleText(value, type), type, name)),
    ]];
}

// Where a response is shown: `say` puts its first line, which is announced; `content` has the rest.
function responseView() {
    const line = h("p", { class: "row", role: "status" });
    const content = h("div");
    const title = h("h4", { hidden: true }, "Response");
    const say = (...words) => {
        title.hidden = false;
        line.replaceChildren(...words);
    };
    const element = h("div", { class: "response" }, title, line, content);
    return { element, content, say, reveal: () => element.scrollIntoView({ block: "nearest" }) };
}

// Sends, and shows the response as it comes; the button stops it meanwhile.
async function exchange(request, { say, content, reveal }, button) {
    if (button.stop) return button.stop();
    const control = new AbortController();
    button.stop = () => control.abort();
    button.textContent = "Stop";
    content.replaceChildren();
    say(h("span", { class: "soft" }, "Waiting\u2026"));
    const start = performance.now();
    try {
        const response = await fetch(request.url, fetchOptions(request, control.signal));
        const line = status(`${response.status} ${response.statusText}`.trim());
        say(line);
        const { size, whole } = await showBody(response, content);
        const time = performance.now() - start;
        const figures = `${time < 10 ? time.toFixed(1) : Math.round(time)} ms, ${size} bytes`;
        say(line, h("span", { class: "soft" }, whole ? figures : figures + ", cut off"));
    } catch (error) {
        const words = control.signal.aborted ? "Stopped." : `No response: ${error.message}. `
            + "The server may be down, or may not allow this page's origin.";
        say(h("span", { class: "problem" }, words));
    } finally {
        button.stop = null;
        button.textContent = "Send";
        reveal();
    }
}

// Shows headers and body, text while it comes: of 16 MiB at most, and 1 MiB of text.
async function showBody(response, content) {
    const type = response.headers.get("content-type") ?? "";
    const headers = [...response.headers];
    const shown = h("div");
    const terms = headers.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]);
    content.append(shown, folded(`Headers (${headers.length})`, h("dl", {}, terms), false));
    const textual = !type || /^text\/|[/+](json|xml|javascript|x-ndjson)|urlencoded/i.test(type);
    const live = textual && !isJSON(type) && h("pre", { tabindex: "0" });
    if (live) shown.append(live);
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    const chunks = [];
    let size = 0;
    for (let read; reader && !(read = await reader.read()).done;) {
        chunks.push(read.value);
        size += read.value.length;
        if (live && size < 1 << 20) live.append(decoder.decode(read.value, { stream: true }));
        if (size > 16 << 20) await reader.cancel();
    }
    const blob = new Blob(chunks, { type });
    const json = isJSON(type) && size ? (await blob.text()).slice(0, 1 << 20) : "";
    if (json) shown.append(code(pretty(json), type, "Body"));
    if (!size) shown.replaceChildren(h("p", { class: "soft" }, "No body"));
    if (size && (!textual || size > 1 << 20)) {
        const url = URL.createObjectURL(blob);
        if (/^image\//i.test(type)) shown.append(h("img", { src: url, alt: "The body, an image" }));
        shown.append(h("p", {}, h("a", { href: url, download: "body" }, "Save the body")));
    }
    return { size, whole: size <= 16 << 20 };
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
    const dialog = authorizationDialog();
    const servers = list(api.servers);
    const sections = groups.map(([tag, { about, operations }]) => h("section", { class: "group" },
        h("h2", {}, tag), prose(about?.description), operations.map(operationSection)));
    const models = entries(api.components?.schemas).map(([name, schema]) => h("details",
        { class: "documented" }, h("summary", {}, h("code", {}, name)), schemaView(schema, false)));
    const authorize = schemes().length > 0 && h("button",
        { type: "button", id: "authorize", onclick: () => dialog.showModal() },
        lock(), h("span", {}, "Authorize"));
    const server = servers.length > 1 && h("label", {}, "Server ", h("select",
        { id: "server", onchange: credentialsChanged },
        servers.map((each, at) => h("option", { value: at }, text(each.description ?? each.url)))));
    find("main").replaceChildren(
        opening(h("div", { class: "row" }, authorize, server)), ...sections,
        models.length ? h("section", { class: "models" }, h("h2", {}, "Schemas"), models) : "",
        dialog);
    listContents(groups, sections);
    addEventListener("hashchange", openAnchor);
    find("links").addEventListener("click", (event) => {
        if (event.target.closest("a")?.hash === location.hash) openAnchor();
    });
    openAnchor();
}
