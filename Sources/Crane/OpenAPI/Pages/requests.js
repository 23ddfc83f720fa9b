// The interactive page: controls for parameters and bodies, and the request they make.

// A labelled control; `read` gives the entered values as strings or files, none when left empty.
function field(name, source, { required = false, place = "", about, example } = {}) {
    const { schema } = unwrap(source);
    const several = schema.type === "array";
    const one = several ? unwrap(schema.items).schema : schema;
    const given = example ?? schema.example ?? list(schema.examples)[0];
    const values = one.type === "boolean" ? [true, false] : one.enum ?? (one.const && [one.const]);
    const id = nextID();
    const attributes = {
        id, "data-name": name, "aria-required": required && "true", autocomplete: "off",
        autocapitalize: "off", spellcheck: "false",
    };
    const lines = several && one.type !== "object";
    let control, read;
    if (isFile(one)) {
        control = h("input", { ...attributes, type: "file", multiple: several });
        read = () => [...control.files];
    } else if (Array.isArray(values)) {
        control = h("select", { ...attributes, multiple: several },
            !several && h("option", { value: "" }, "\u2013"),
            values.map((value) => h("option", { selected: value === given }, text(value))));
        read = () => [...control.selectedOptions].map((option) => option.value).filter(Boolean);
    } else if (several || one.type === "object") {
        const placeholder = lines ? "one value a line" : "JSON";
        control = h("textarea", { ...attributes, rows: 3, placeholder });
        read = () => (lines ? control.value.split("\n") : [control.value]).filter(Boolean);
    } else {
        control = h("input", {
            ...attributes, type: schema.format === "password" ? "password" : "text",
            inputmode: { integer: "numeric", number: "decimal" }[schema.type],
            placeholder: text(schema.default ?? ""),
            autocomplete: schema.format === "password" ? "new-password" : "off",
        });
        read = () => [control.value].filter(Boolean);
    }
    if (given !== undefined && /text/.test(control.type)) {
        control.value = lines ? list(given).map(text).join("\n") : text(given);
    }
    const label = h("label", { for: id }, term(name, source, { required, place, about }));
    return { element: h("div", { class: "field" }, label, control), control, read };
}

// The controls for a body: a form's fields, a file, or text; `read` gives the body as it is sent.
function bodyControls(type, media) {
    const { schema } = unwrap(media.schema);
    if (/^(multipart\/|application\/x-www-form-urlencoded)/i.test(type) && schema.properties) {
        const fields = entries(schema.properties).map(([key, value]) => {
            const required = list(schema.required).includes(key);
            return { key, required, ...field(key, value, { required }) };
        });
        const pairs = () => fields.flatMap(({ key, required, control, read }) => {
            const values = read();
            if (!values.length && required && /text|password/.test(control.type)) values.push("");
            return values.map((value) => [key, value]);
        });
        const element = h("div", {}, fields.map((each) => each.element));
        return { element, read: () => ({ type, pairs: pairs() }) };
    }
    if (isFile(schema) || /^application\/octet-stream/i.test(type)) {
        const { element, read } = field("file", { format: "binary" }, { required: true });
        return { element, read: () => ({ type, file: read()[0] }) };
    }
    return textBody(type, media);
}

function textBody(type, media) {
    const examples = examplesOf(media, "request");
    const [id, noteID] = [nextID(), nextID()];
    const note = h("p", { class: "small problem", id: noteID, role: "status" });
    const area = h("textarea", {
        id, class: "body", spellcheck: "false", autocomplete: "off", autocapitalize: "off",
        "aria-describedby": noteID, oninput: () => check(),
    });
    const check = () => {
        note.textContent = "";
        try {
            if (isJSON(type) && area.value) JSON.parse(area.value);
        } catch (error) {
            note.textContent = `Not JSON yet, and sent as it stands: ${error.message}`;
        }
    };
    const show = (at) => {
        area.value = exampleText(examples[at][1], type);
        area.rows = Math.min(Math.max(area.value.split("\n").length, 3), 24);
        check();
    };
    show(0);
    const chooser = examples.length > 1 && h("select", {
        "aria-label": "Example", onchange: (event) => show(event.target.selectedIndex),
    }, examples.map(([name]) => h("option", {}, name)));
    const element = h("div", { class: "field wide" },
        h("label", { for: id, class: "unseen" }, `Body, ${type}`), chooser, area, note,
        media.schema && folded("Schema", schemaView(media.schema, false), false));
    return { element, read: () => ({ type, text: area.value }) };
}

// One request out of what was entered: method, URL, header pairs, cookies and body.
function buildRequest(one, fields, body) {
    let path = one.path;
    const query = [], headers = [["Accept", acceptedTypes(one.operation)]], cookies = [];
    for (const { parameter: { name, in: place, explode }, read } of fields) {
        const values = read();
        const joined = values.join(",");
        if (place === "path") path = path.replaceAll(`{${name}}`, encodeURIComponent(joined));
        if (!values.length) continue;
        const each = explode === false ? [joined] : values;
        if (place === "query") query.push(...each.map((value) => [name, value]));
        if (place === "header") headers.push([name, joined]);
        if (place === "cookie") cookies.push([name, encodeURIComponent(joined)]);
    }
    authorize(one, { query, header: headers, cookie: cookies });
    if (body && !isMultipart(body)) headers.push(["Content-Type", body.type]);
    const search = query.length ? "?" + new URLSearchParams(query) : "";
    const url = serverOf(one) + path + search;
    const credentials = asksBasic(one) && !cookies.length ? "omit" : "same-origin";
    return { method: one.method.toUpperCase(), url, headers, cookies, body, credentials };
}

// To such a refusal a browser answers with a prompt of its own, unless credentials are left out.
const asksBasic = (one) => securityOf(one).flatMap(Object.keys).some((name) =>
    text(resolve(api.components?.securitySchemes?.[name]).scheme).toLowerCase() === "basic");

const isMultipart = (body) => body.pairs && body.type.startsWith("multipart/");

function acceptedTypes(operation) {
    const types = entries(operation.responses)
        .flatMap(([, answer]) => entries(resolve(answer).content).map(([type]) => type));
    return [...new Set(types)].join(", ") || "*/*";
}

// The same request as a line for curl.
function curlLine({ method, url, headers, cookies, body }) {
    const parts = [method === "HEAD" ? "curl --head" : `curl -X ${method}`, quoted(url)];
    for (const [name, value] of headers) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
    for (const [name, value] of cookies) parts.push(`-b ${quoted(`${name}=${value}`)}`);
    for (const [name, value] of body?.pairs ?? []) {
        const file = value instanceof File;
        const flag = file ? "-F" : isMultipart(body) ? "--form-string" : "--data-urlencode";
        parts.push(`${flag} ${quoted(`${name}=${file ? `@"${value.name}"` : value}`)}`);
    }
    if (body?.text !== undefined) parts.push(`--data-raw ${quoted(body.text)}`);
    if (body?.file) parts.push(`--data-binary ${quoted("@" + body.file.name)}`);
    return parts.join(" \\\n  ");
}

function fetchOptions({ method, headers, cookies, body, credentials }, signal) {
    for (const [name, value] of cookies) {
        document.cookie = `${name}=${value}; path=/; SameSite=Strict`;
    }
    const options = { method, headers, signal, cache: "no-store", credentials };
    if (body?.pairs) {
        const form = isMultipart(body) ? new FormData() : new URLSearchParams();
        for (const [name, value] of body.pairs) form.append(name, value);
        options.body = form;
    } else if (body) {
        options.body = body.file ?? body.text;
    }
    return options;
}
