/// JavaScript of the interactive page: controls for parameters and bodies, and the request they make.
extension DocsPages {
    static let requests = #"""
        // A labelled control; `read` gives the entered values as strings or files, none when left empty.
        function field(name, source, { required = false, place = "", about, example } = {}) {
            const { schema } = unwrap(source);
            const items = schema.type === "array" ? unwrap(schema.items).schema : null;
            const values = (items ?? schema).type === "boolean" ? [true, false]
                : (items ?? schema).enum ?? ((items ?? schema).const !== undefined ? [(items ?? schema).const] : null);
            const id = nextID();
            const given = example ?? schema.example ?? list(schema.examples)[0];
            const common = { id, "aria-required": required ? "true" : null, "data-name": name };
            const plain = { autocomplete: "off", autocapitalize: "off", spellcheck: "false" };
            let control, read;
            if (isFile(items ?? schema)) {
                control = h("input", { ...common, type: "file", multiple: items !== null });
                read = () => [...control.files];
            } else if (Array.isArray(values)) {
                control = h("select", { ...common, multiple: items !== null },
                    items === null && (!required || given === undefined) && h("option", { value: "" }, "\u2013"),
                    values.map((value) => h("option", { value: text(value), selected: value === given }, text(value))));
                read = () => [...control.selectedOptions].map((option) => option.value).filter((value) => value);
            } else if (items !== null || schema.type === "object") {
                const lines = items !== null && items.type !== "object";
                control = h("textarea", { ...common, ...plain, rows: 3, placeholder: lines ? "one value a line" : "JSON" });
                control.value = given === undefined ? "" : lines ? list(given).map(text).join("\n") : text(given);
                read = () => lines ? control.value.split("\n").filter((line) => line)
                    : control.value ? [control.value] : [];
            } else {
                control = h("input", {
                    ...common, ...plain, type: schema.format === "password" ? "password" : "text",
                    inputmode: { integer: "numeric", number: "decimal" }[schema.type],
                    placeholder: schema.default === undefined || schema.default === null ? null : text(schema.default),
                    ...schema.format === "password" && { autocomplete: "new-password" },
                });
                control.value = given === undefined ? "" : text(given);
                read = () => control.value ? [control.value] : [];
            }
            const label = h("label", { for: id }, term(name, source, { required, place, about }));
            return { element: h("div", { class: "field" }, label, control), control, read };
        }

        // The controls for a body: a form's fields, a file, or text; `read` gives the body as it is sent.
        function bodyControls(type, media) {
            const { schema } = unwrap(media.schema);
            if (/^(multipart\/|application\/x-www-form-urlencoded)/i.test(type) && isObject(schema.properties)) {
                const fields = entries(schema.properties).map(([key, value]) => {
                    const required = list(schema.required).includes(key);
                    return { key, required, ...field(key, value, { required }) };
                });
                const read = () => fields.flatMap(({ key, required, control, read }) => {
                    const values = read();
                    const empty = required && control.type !== "file" && !control.multiple ? [[key, ""]] : [];
                    return values.length ? values.map((value) => [key, value]) : empty;
                });
                return { element: h("div", {}, fields.map((one) => one.element)), read: () => ({ type, pairs: read() }) };
            }
            if (isFile(schema) || /^application\/octet-stream/i.test(type)) {
                const one = field("file", { format: "binary" }, { required: true });
                return { element: one.element, read: () => ({ type, file: one.read()[0] }) };
            }
            return textBody(type, media);
        }

        function textBody(type, media) {
            const examples = examplesOf(media, "request");
            const [id, noteID] = [nextID(), nextID()];
            const note = h("p", { class: "small problem", id: noteID, role: "status" });
            const area = h("textarea", {
                id, class: "body", spellcheck: "false", autocomplete: "off", autocapitalize: "off",
                "aria-describedby": noteID,
            });
            const show = (at) => {
                area.value = exampleText(examples[at][1], type);
                area.rows = Math.min(Math.max(area.value.split("\n").length, 3), 24);
                check();
            };
            const check = () => {
                note.textContent = "";
                if (!isJSON(type) || !area.value) return;
                try {
                    JSON.parse(area.value);
                } catch (error) {
                    note.textContent = `Not JSON yet, and sent as it stands: ${error.message}`;
                }
            };
            area.addEventListener("input", check);
            show(0);
            const chooser = examples.length > 1 && h("select", {
                "aria-label": "Example", onchange: (event) => {
                    show(event.target.selectedIndex);
                    area.dispatchEvent(new Event("input", { bubbles: true }));
                },
            }, examples.map(([name]) => h("option", {}, name)));
            const element = h("div", { class: "field wide" },
                h("label", { for: id, class: "unseen" }, `Body, ${type}`), chooser, area, note,
                media.schema && folded("Schema", schemaView(media.schema, false), false));
            return { element, read: () => ({ type, text: area.value }) };
        }

        // One request out of what was entered: method, URL, header pairs, cookies and body.
        function buildRequest(one, fields, body) {
            let path = one.path;
            const query = [], headers = [], cookies = [];
            for (const { parameter, read } of fields) {
                const values = read();
                const joined = values.join(",");
                if (parameter.in === "path") {
                    path = path.replaceAll(`{${parameter.name}}`, encodeURIComponent(joined));
                } else if (values.length && parameter.in === "query") {
                    for (const value of parameter.explode === false ? [joined] : values) {
                        query.push([parameter.name, value]);
                    }
                } else if (values.length && parameter.in === "header") {
                    headers.push([parameter.name, joined]);
                } else if (values.length && parameter.in === "cookie") {
                    cookies.push([parameter.name, encodeURIComponent(joined)]);
                }
            }
            authorise(one, { query, headers, cookies });
            headers.unshift(["Accept", acceptedTypes(one.operation)]);
            const multipart = body?.pairs && body.type.startsWith("multipart/");
            if (body && !multipart) headers.push(["Content-Type", body.type]);
            const search = query.length ? "?" + new URLSearchParams(query) : "";
            return { method: one.method.toUpperCase(), url: serverOf(one) + path + search, headers, cookies, body };
        }

        function acceptedTypes(operation) {
            const types = entries(operation.responses).flatMap(([, answer]) => entries(resolve(answer).content));
            return [...new Set(types.map(([type]) => type))].join(", ") || "*/*";
        }

        // The same request as a line for curl.
        function curlLine({ method, url, headers, cookies, body }) {
            const parts = [method === "HEAD" ? "curl --head" : `curl -X ${method}`, quoted(url)];
            for (const [name, value] of headers) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
            if (cookies.length) parts.push(`-b ${quoted(cookies.map((pair) => pair.join("=")).join("; "))}`);
            for (const [name, value] of body?.pairs ?? []) {
                if (value instanceof File) parts.push(`-F ${quoted(`${name}=@"${value.name}"`)}`);
                else if (body.type.startsWith("multipart/")) parts.push(`--form-string ${quoted(`${name}=${value}`)}`);
                else parts.push(`--data-urlencode ${quoted(`${name}=${value}`)}`);
            }
            if (body?.text !== undefined) parts.push(`--data-raw ${quoted(body.text)}`);
            if (body?.file) parts.push(`--data-binary ${quoted("@" + body.file.name)}`);
            return parts.join(" \\\n  ");
        }

        function fetchOptions({ method, headers, cookies, body }, signal) {
            for (const [name, value] of cookies) {
                document.cookie = `${name}=${value}; path=/; SameSite=Strict`;
            }
            const options = { method, headers, signal, cache: "no-store", credentials: "same-origin" };
            if (body?.pairs && body.type.startsWith("multipart/")) {
                options.body = new FormData();
                for (const [name, value] of body.pairs) options.body.append(name, value);
            } else if (body?.pairs) {
                options.body = new URLSearchParams(body.pairs.map(([name, value]) => [name, value.name ?? value]));
            } else if (body) {
                options.body = body.file ?? body.text;
            }
            return options;
        }

        """#
}
