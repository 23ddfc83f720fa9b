// Both pages: example values made from schemas, and JSON in colours.

// An example of a schema; `towards` is "request" or "response".
function sample(source, towards, within = []) {
    const { schema } = unwrap(source);
    const given = [schema.example, list(schema.examples)[0], schema.const, schema.default]
        .find((value) => value !== undefined && value !== null);
    if (given !== undefined) return given;
    if (list(schema.enum).length) return schema.enum[0];
    const name = ownName(source);
    const again = within.length > 12 || (name && within.includes(name));
    if (again) return schema.type === "array" ? [] : {};
    const path = [...within, name || "-"];
    if (list(schema.anyOf).length) return sample(schema.anyOf[0], towards, path);
    switch (schema.type ?? (schema.properties ? "object" : undefined)) {
    case "object": return sampleObject(schema, towards, path);
    case "array": return sampleArray(schema, towards, path);
    case "integer": case "number": return sampleNumber(schema);
    case "boolean": return true;
    case "null": return null;
    case "string": return sampleString(schema);
    default: return null;
    }
}

function sampleObject(schema, towards, path) {
    const object = {};
    for (const [key, value] of entries(schema.properties)) {
        const { readOnly, writeOnly } = unwrap(value).schema;
        if (towards === "request" ? readOnly : writeOnly) continue;
        Object.defineProperty(object, key, {
            value: sample(value, towards, path), enumerable: true, configurable: true, writable: true,
        });
    }
    if (isObject(schema.additionalProperties) && !schema.properties) {
        object.key = sample(schema.additionalProperties, towards, path);
    }
    return object;
}

function sampleArray(schema, towards, path) {
    if (Array.isArray(schema.prefixItems)) {
        return schema.prefixItems.map((one) => sample(one, towards, path));
    }
    if (!isObject(schema.items)) return [];
    const item = sample(schema.items, towards, path);
    return Array(Math.min(Math.max(schema.minItems ?? 1, 1), 5)).fill(item);
}

function sampleNumber(schema) {
    const step = schema.multipleOf > 0 ? schema.multipleOf : 1;
    let value = schema.minimum ?? (schema.exclusiveMinimum + step || 0);
    if (schema.maximum < value) value = schema.maximum;
    if (schema.exclusiveMaximum <= value) value = schema.exclusiveMaximum - step;
    return schema.multipleOf > 0 ? Math.ceil(value / step) * step : value;
}

function sampleString(schema) {
    const known = {
        "date-time": "2030-01-31T12:00:00Z", date: "2030-01-31", time: "12:00:00", duration: "PT1H",
        uuid: "3fa85f64-5717-4562-b3fc-2c963f66afa6", email: "user@example.com",
        uri: "urn:example:1", ipv4: "192.0.2.1", ipv6: "2001:db8::1", password: "secret",
    };
    const value = known[schema.format] ?? "string";
    const least = Math.min(schema.minLength ?? 0, 200);
    const padded = (word, end) => word.padEnd(least, end).slice(0, schema.maxLength);
    if (typeof schema.pattern === "string") {
        try {
            const [fits, made] = [new RegExp(schema.pattern, "u"), matching(schema.pattern)];
            const found = [value, made, made + value].map((word) => padded(word, word.at(-1) ?? "a"));
            return found.find((word) => fits.test(word)) ?? padded(value, "g");
        } catch { /* a pattern that browsers do not know */ }
    }
    return padded(value, "g");
}

// A text that most patterns match: their first alternatives, the fewest repetitions. Whoever asks tests it.
function matching(pattern) {
    let at = 0;
    const take = (expression) => {
        const found = expression.exec(pattern.slice(at))?.[0] ?? "";
        at += found.length;
        return found;
    };
    const choice = () => {
        const first = sequence();
        while (take(/^\|/)) sequence();
        return first;
    };
    const sequence = () => {
        let made = "";
        while (at < pattern.length && !"|)".includes(pattern[at])) made += repeated();
        return made;
    };
    const repeated = () => {
        const one = atom();
        const times = take(/^(?:[*?+]|\{\d+(?:,\d*)?\})\??/);
        if (times[0] === "{") return one.repeat(Math.min(parseInt(times.slice(1)), 200));
        return "*?".includes(times[0] ?? "-") ? "" : one;
    };
    const atom = () => {
        if (take(/^\((?:\?(?::|<[A-Za-z_]\w*>))?/)) {
            const inner = choice();
            take(/^\)/);
            return inner;
        }
        if (take(/^(?:[$^]|\\[bB])/)) return "";
        const one = take(
            /^(?:\[\^?\]?(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u\{?[0-9a-fA-F]+\}?|\\.|[^])/);
        const fits = new RegExp(`^${one}$`, "u");
        return [..."a0A-_.:/ \n", ...one.replace("\\", "")].find((character) => fits.test(character)) ?? "";
    };
    return choice();
}

// The examples of a media type or a parameter: given ones first, else one of our own making.
function examplesOf(media, towards) {
    const named = entries(media.examples).map(([name, one]) => [name, resolve(one).value])
        .filter(([, value]) => value !== undefined);
    if (named.length) return named;
    if (media.example !== undefined) return [["Example", media.example]];
    return [["Example", sample(media.schema, towards)]];
}

const exampleOf = (parameter) =>
    parameter.example ?? resolve(entries(parameter.examples)[0]?.[1]).value;

const isJSON = (type) => /[/+]json\b/i.test(type);

function exampleText(value, type) {
    return isJSON(type) || typeof value !== "string" ? JSON.stringify(value, null, 2) ?? "" : value;
}

// JSON with line breaks; token by token, so that no number is rounded. Other text as it stands.
function pretty(source) {
    try { JSON.parse(source); } catch { return source; }
    let result = "", depth = 0;
    const line = (change) => "\n" + "  ".repeat(depth += change);
    const opens = (token) => /^[{[]/.test(token);
    const closes = (token) => /^[}\]]/.test(token);
    const tokens = source.match(/"(?:[^"\\]|\\.)*"|[^\s"{}[\],:]+|[{}[\],:]/g) ?? [];
    tokens.forEach((token, at) => {
        if (token === ",") result += "," + line(0);
        else if (token === ":") result += ": ";
        else if (opens(token)) result += token + (closes(tokens[at + 1]) ? "" : line(1));
        else if (closes(token)) result += (opens(tokens[at - 1]) ? "" : line(-1)) + token;
        else result += token;
    });
    return result;
}

// JSON with its keys, strings and other values in colour; other text as it stands.
function code(source, type = "application/json", label = "Example") {
    const block = h("pre", { tabindex: "0", role: "region", "aria-label": label });
    if (!isJSON(type) || source.length > 200000) {
        block.textContent = source;
        return block;
    }
    const tokens = /("(?:[^"\\]|\\.)*")(\s*:)?|[^\s"{}[\],:]+/g;
    let end = 0;
    for (const token of source.matchAll(tokens)) {
        block.append(source.slice(end, token.index));
        const kind = token[2] !== undefined ? "key" : token[1] !== undefined ? "string" : "value";
        block.append(h("span", { class: kind }, token[1] ?? token[0]), token[2] ?? "");
        end = token.index + token[0].length;
    }
    block.append(source.slice(end));
    return block;
}
