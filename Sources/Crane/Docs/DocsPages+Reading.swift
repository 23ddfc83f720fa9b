/// JavaScript of the reading page: everything unfolded, examples beside it, the place marked in the contents.
extension DocsPages {
    static let readingOperations = #"""
        function operationSection(one) {
            const titleID = nextID();
            const { operation } = one;
            const security = list(operation.security ?? api.security).filter(isObject)
                .map((all) => Object.keys(all).join(" and ") || "none");
            const text = h("div", { class: "text" },
                h("h3", { id: titleID }, h("a", { href: `#${one.anchor}`, class: operation.deprecated ? "old" : "" }, one.name)),
                operation.deprecated && h("p", { class: "problem" }, "Deprecated"),
                prose(operation.description),
                operation.externalDocs?.url && h("p", {}, link(operation.externalDocs.url,
                    operation.externalDocs.description ?? "More documentation")),
                security.length > 0 && h("p", { class: "secured" }, lock(), " ", security.join(" or ")),
                parametersView(one.parameters), bodyView(operation), answersView(operation));
            return h("section", { class: "operation", id: one.anchor, "aria-labelledby": titleID },
                text, h("div", { class: "examples" }, requestExample(one), answerExamples(operation)));
        }

        function parametersView(parameters) {
            const places = { path: "Path", query: "Query", header: "Headers", cookie: "Cookies" };
            return Object.entries(places).map(([place, title]) => {
                const found = parameters.filter((parameter) => parameter.in === place);
                return found.length > 0 && [
                    h("h4", {}, title),
                    h("ul", { class: "schema" }, found.map((parameter) => {
                        const schema = parameter.schema ?? entries(parameter.content)[0]?.[1]?.schema ?? {};
                        return h("li", {}, term(text(parameter.name), schema, {
                            required: parameter.required === true, about: parameter.description,
                        }), inside(schema, true));
                    })),
                ];
            });
        }

        function bodyView(operation) {
            const { content, description, required } = resolve(operation.requestBody);
            return entries(content).map(([type, media]) => [
                h("h4", {}, "Body ", h("span", { class: "soft" }, type, required ? "" : ", may be left out")),
                prose(description), media.schema && schemaView(media.schema, true),
            ]);
        }

        function answersView(operation) {
            return [h("h4", {}, "Answers"), entries(operation.responses).map(([status, source]) => {
                const answer = resolve(source);
                const schemas = entries(answer.content).filter(([, media]) =>
                    media.schema && Object.keys(resolve(media.schema)).length);
                const headers = entries(answer.headers).map(([name, header]) =>
                    term(name, resolve(header).schema ?? {}, { about: resolve(header).description }));
                const title = [h("code", { class: `status s${status[0]}` }, status), " ", text(answer.description ?? "")];
                if (!schemas.length && !headers.length) return h("p", { class: "documented" }, title);
                return h("details", { class: "documented", open: /^[123d]/.test(status) }, h("summary", {}, title),
                    h("div", { class: "inside" }, headers, schemas.map(([type, media]) =>
                        [h("p", { class: "soft small" }, type), schemaView(media.schema, true)])));
            })];
        }

        // The request as a curl line, with what is required and an example body.
        function requestExample(one) {
            let path = one.path;
            const query = new URLSearchParams();
            const parts = [];
            for (const parameter of one.parameters) {
                const value = text(parameter.example ?? sample(parameter.schema ?? {}, "request"));
                if (parameter.in === "path") path = path.replaceAll(`{${parameter.name}}`, encodeURIComponent(value));
                else if (parameter.required && parameter.in === "query") query.append(parameter.name, value);
                else if (parameter.required && parameter.in === "header") parts.push(`-H ${quoted(`${parameter.name}: ${value}`)}`);
            }
            parts.push(...securityWords(one.operation));
            const [type, media] = entries(resolve(one.operation.requestBody).content)[0] ?? [];
            const bodies = type ? examplesOf(media, "request") : [];
            if (type && /^multipart\/|x-www-form-urlencoded/.test(type)) {
                const flag = type.startsWith("multipart/") ? "-F" : "--data-urlencode";
                const { schema } = unwrap(media.schema);
                for (const [key, value] of entries(bodies[0][1])) {
                    const file = isFile(unwrap(schema.properties?.[key]).schema);
                    if (value !== null && list(schema.required).includes(key)) {
                        parts.push(`${flag} ${quoted(`${key}=${file ? "@file" : text(value)}`)}`);
                    }
                }
            } else if (type) {
                parts.push(`-H ${quoted(`Content-Type: ${type}`)}`);
                parts.push(`--data-raw ${quoted(exampleText(bodies[0][1], type))}`);
            }
            const url = serverOf(one) + path + (query.size ? `?${query}` : "");
            const line = [`curl -X ${one.method.toUpperCase()}`, quoted(url), ...parts].join(" \\\n  ");
            return h("figure", {},
                h("figcaption", {}, badge(one.method), h("code", { class: "path" }, one.path), copyButton(() => line)),
                code(line, "text/plain", "Request"));
        }

        function securityWords(operation) {
            const [first] = list(operation.security ?? api.security).filter(isObject);
            return Object.keys(first ?? {}).map((name) => {
                const scheme = resolve(api.components?.securitySchemes?.[name]);
                if (scheme.type === "apiKey") {
                    const value = `${scheme.name}${scheme.in === "header" ? ": " : "="}KEY`;
                    return scheme.in === "cookie" ? `-b ${quoted(value)}`
                        : scheme.in === "query" ? `--url-query ${quoted(value)}` : `-H ${quoted(value)}`;
                }
                return text(scheme.scheme).toLowerCase() === "basic" ? `-u ${quoted("USERNAME:PASSWORD")}`
                    : `-H ${quoted("Authorization: Bearer TOKEN")}`;
            });
        }

        function answerExamples(operation) {
            return entries(operation.responses).map(([status, source]) =>
                entries(resolve(source).content).map(([type, media]) => {
                    const described = media.example !== undefined || media.examples
                        || (media.schema && Object.keys(resolve(media.schema)).length);
                    if (!described) return null;
                    return examplesOf(media, "response").map(([name, value]) => {
                        const label = name === "Example" ? type : name;
                        const block = code(exampleText(value, type), type, `${status}, ${label}`);
                        const caption = [h("code", { class: `status s${status[0]}` }, status), h("span", { class: "soft" }, label)];
                        if (/^[123d]/.test(status)) return h("figure", {}, h("figcaption", {}, caption), block);
                        return h("details", {}, h("summary", {}, caption), block);
                    });
                }));
        }

        function schemesView() {
            const found = entries(api.components?.securitySchemes).map(([name, source]) => [name, resolve(source)]);
            return found.length > 0 && h("section", { class: "group" }, h("h2", {}, "Authorisation"), found.map(([name, scheme]) => {
                const kind = scheme.type === "http" ? `HTTP ${text(scheme.scheme)}`
                    : scheme.type === "apiKey" ? `API key in ${scheme.in}: ${scheme.name}` : text(scheme.type);
                return h("div", { class: "term" }, h("code", { class: "name" }, name), h("span", { class: "type" }, kind),
                    scheme.bearerFormat && h("span", { class: "limit" }, scheme.bearerFormat),
                    entries(scheme.flows).map(([flow, about]) =>
                        h("span", { class: "limit" }, `${flow} flow, ${text(about.tokenUrl ?? about.authorizationUrl)}`)),
                    prose(scheme.description, "prose small"));
            }));
        }

        // Marks in the contents the operation that is at the top of the window.
        function followScrolling() {
            const links = new Map([...find("links").querySelectorAll("a")].map((each) => [each.hash.slice(1), each]));
            let current = null;
            const observer = new IntersectionObserver((seen) => {
                for (const { target, isIntersecting } of seen) {
                    if (!isIntersecting || !links.has(target.id)) continue;
                    current?.removeAttribute("aria-current");
                    current = links.get(target.id);
                    current.setAttribute("aria-current", "true");
                    if (matchMedia("(min-width: 56rem)").matches) current.scrollIntoView({ block: "nearest" });
                }
            }, { rootMargin: "-20% 0px -75% 0px" });
            for (const section of document.querySelectorAll(".operation")) observer.observe(section);
        }

        if (await readDocument()) {
            const groups = groupsOf(operationsOf(api.paths));
            const sections = groups.map(([tag, { about, operations }]) => h("section", { class: "group" },
                h("h2", {}, tag), prose(about?.description), operations.map(operationSection)));
            const models = entries(api.components?.schemas).map(([name, schema]) =>
                h("section", { class: "model" }, h("div", { class: "text" }, h("h3", {}, name), schemaView(schema, true)),
                    h("div", { class: "examples" }, h("figure", {}, h("figcaption", {}, h("span", { class: "soft" }, name)),
                        code(exampleText(sample(schema, "response"), "application/json"), "application/json", name)))));
            find("main").replaceChildren(opening(), schemesView() || "", ...sections,
                models.length ? h("section", { class: "models" }, h("h2", {}, "Schemas"), models) : "");
            listContents(groups, sections);
            followScrolling();
            if (location.hash.length > 1) find(location.hash.slice(1))?.scrollIntoView();
        }

        """#
}
