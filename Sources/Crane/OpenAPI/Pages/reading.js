// The reading page: everything unfolded, examples beside it, the place marked in the contents.

function operationSection(one) {
    const titleID = nextID();
    const { operation } = one;
    const security = securityOf(one).map((all) => Object.keys(all).join(" and ") || "none");
    const words = h("div", { class: "text" },
        h("h3", { id: titleID },
            h("a", { href: `#${one.anchor}`, class: operation.deprecated && "old" }, one.name)),
        operation.deprecated && h("p", { class: "problem" }, "Deprecated"),
        prose(operation.description), moreOf(operation),
        security.length > 0 && h("p", { class: "secured" }, lock(), " ", security.join(" or ")),
        parametersView(one.parameters), bodyView(operation), responsesView(operation));
    return h("section", { class: "operation", id: one.anchor, "aria-labelledby": titleID }, words,
        h("div", { class: "examples" }, requestExample(one), responseExamples(operation)));
}

function parametersView(parameters) {
    const places = { path: "Path", query: "Query", header: "Headers", cookie: "Cookies" };
    return Object.entries(places).map(([place, title]) => {
        const found = parameters.filter((parameter) => parameter.in === place);
        const items = found.map((one) => h("li", {}, term(text(one.name), schemaOf(one), {
            required: one.required === true, about: one.description,
        }), inside(schemaOf(one), true)));
        return items.length > 0 && [h("h4", {}, title), h("ul", { class: "schema" }, items)];
    });
}

function bodyView(operation) {
    const { content, description, required } = resolve(operation.requestBody);
    return entries(content).map(([type, media]) => [
        h("h4", {}, "Body ", h("span", { class: "soft" }, type, required ? "" : ", may be left out")),
        prose(description), media.schema && schemaView(media.schema, true),
    ]);
}

function responsesView(operation) {
    return [h("h4", {}, "Responses"), entries(operation.responses).map(([code, source]) => {
        const response = resolve(source);
        const media = entries(response.content).filter(([, each]) => isDescribed(each));
        const headers = headersOf(response);
        const title = [status(code), " ", text(response.description ?? "")];
        if (!media.length && !headers.length) return h("p", { class: "documented" }, title);
        return h("details", { class: "documented", open: succeeds(code) }, h("summary", {}, title),
            h("div", { class: "inside" }, headers, media.map(([type, each]) =>
                [h("p", { class: "soft small" }, type), schemaView(each.schema, true)])));
    })];
}

// The request as a curl line, with what is required and an example body.
function requestExample(one) {
    let path = one.path;
    const query = new URLSearchParams();
    const parts = [];
    for (const parameter of one.parameters) {
        const { name, in: place, required } = parameter;
        const value = text(exampleOf(parameter) ?? sample(schemaOf(parameter), "request"));
        if (place === "path") path = path.replaceAll(`{${name}}`, encodeURIComponent(value));
        if (place === "query" && required) query.append(name, value);
        if (place === "header" && required) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
    }
    parts.push(...securityWords(one), ...bodyWords(one.operation));
    const search = [...query].length ? `?${query}` : "";
    const url = serverOf(one) + path + search;
    const line = [`curl -X ${one.method.toUpperCase()}`, quoted(url), ...parts].join(" \\\n  ");
    return h("figure", {}, h("figcaption", {},
        badge(one.method), h("code", { class: "path" }, one.path), copyButton(() => line)),
    code(line, "text/plain", "Request"));
}

function bodyWords(operation) {
    const [type, media] = entries(resolve(operation.requestBody).content)[0] ?? [];
    if (!type) return [];
    const [[, value]] = examplesOf(media, "request");
    if (!/^multipart\/|x-www-form-urlencoded/.test(type)) {
        const body = quoted(exampleText(value, type));
        return [`-H ${quoted(`Content-Type: ${type}`)}`, `--data-raw ${body}`];
    }
    const { schema } = unwrap(media.schema);
    const flag = type.startsWith("multipart/") ? "-F" : "--data-urlencode";
    return list(schema.required).map((key) => {
        const file = isFile(unwrap(schema.properties?.[key]).schema);
        return `${flag} ${quoted(`${key}=${file ? "@file" : text(value?.[key])}`)}`;
    });
}

function securityWords(one) {
    return Object.keys(securityOf(one)[0] ?? {}).map((name) => {
        const scheme = resolve(api.components?.securitySchemes?.[name]);
        const key = (sign) => quoted(`${scheme.name}${sign}KEY`);
        if (scheme.in === "query") return `--url-query ${key("=")}`;
        if (scheme.in === "cookie") return `-b ${key("=")}`;
        if (scheme.in === "header") return `-H ${key(": ")}`;
        const basic = text(scheme.scheme).toLowerCase() === "basic";
        return basic ? "-u 'USERNAME:PASSWORD'" : "-H 'Authorization: Bearer TOKEN'";
    });
}

function responseExamples(operation) {
    return entries(operation.responses).map(([code, source]) =>
        entries(resolve(source).content).map(([type, media]) => {
            if (!isDescribed(media) && !media.example && !media.examples) return null;
            return examplesOf(media, "response").map((each) => responseExample(code, type, ...each));
        }));
}

function responseExample(number, type, name, value) {
    const label = name === "Example" ? type : name;
    const caption = [status(number), h("span", { class: "soft" }, label)];
    const block = code(exampleText(value, type), type, `${number}, ${label}`);
    return succeeds(number) ? h("figure", {}, h("figcaption", {}, caption), block)
        : h("details", {}, h("summary", {}, caption), block);
}

function schemesView() {
    const found = schemes().map(([name, scheme]) => h("div", { class: "term" },
        h("code", { class: "name" }, name), h("span", { class: "type" }, schemeKind(scheme)),
        scheme.bearerFormat && h("span", { class: "limit" }, scheme.bearerFormat),
        entries(scheme.flows).map((flow) => h("span", { class: "limit" }, flowKind(...flow))),
        prose(scheme.description, "prose small")));
    return found.length ? h("section", { class: "group" }, h("h2", {}, "Authorization"), found) : "";
}

function modelView([name, schema]) {
    const type = "application/json";
    return h("section", { class: "model" },
        h("div", { class: "text" }, h("h3", {}, name), schemaView(schema, true)),
        h("div", { class: "examples" },
            code(exampleText(sample(schema, "response"), type), type, name)));
}

// Marks in the contents the operation that is at the top of the window.
function followScrolling() {
    const links = new Map();
    for (const each of find("links").querySelectorAll("a")) links.set(each.hash.slice(1), each);
    let current = null;
    const observer = new IntersectionObserver((seen) => {
        for (const { target, isIntersecting } of seen) {
            if (!isIntersecting || !links.has(target.id)) continue;
            current?.removeAttribute("aria-current");
            current = links.get(target.id);
            current.setAttribute("aria-current", "true");
            current.scrollIntoView({ block: "nearest" });
        }
    }, { rootMargin: "-20% 0px -75% 0px" });
    for (const section of document.querySelectorAll(".operation")) observer.observe(section);
}

if (await readDocument()) {
    const groups = groupsOf(operationsOf(api.paths));
    const sections = groups.map(([tag, { about, operations }]) => h("section", { class: "group" },
        h("h2", {}, tag), prose(about?.description), operations.map(operationSection)));
    const models = entries(api.components?.schemas).map(modelView);
    find("main").replaceChildren(opening(), schemesView(), ...sections,
        models.length ? h("section", { class: "models" }, h("h2", {}, "Schemas"), models) : "");
    listContents(groups, sections);
    followScrolling();
    if (location.hash.length > 1) find(location.hash.slice(1))?.scrollIntoView();
}
