// Elements made of data. The one place where a text becomes part of the page: as text.
import { printable } from "./words.js";

/** An element. Strings among its children become text; `on…` attributes listeners; null and false nothing. */
export function el(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === undefined || value === null || value === false)
            continue;
        if (name.startsWith("on"))
            made.addEventListener(name.slice(2), value);
        else
            made.setAttribute(name, value === true ? "" : printable(value));
    }
    for (const child of children.flat(Infinity)) {
        if (child instanceof Node)
            made.append(child);
        else if (child !== undefined && child !== null && child !== false)
            made.append(printable(child));
    }
    return made;
}

/** What vfpool's sentences have between back quotes, as code. */
export function sentence(text) {
    return text.split("`").map((part, index) => index % 2 ? el("code", {}, part) : part);
}

/** A field of an object of vfpool's JSON: what can't be known is a question mark that says why. */
export function field(object, name, value = object[name]) {
    const reason = object.unknown?.[name];
    if (value !== null && value !== undefined && value !== "")
        return String(value);
    return reason ? el("abbr", { title: reason, tabindex: "0", "aria-label": `unknown: ${reason}` }, "?") : el("span", { class: "none", "aria-label": "none" }, "—");
}

/** What is not to be broken over two lines. */
export function fixed(content) {
    return el("span", { class: "fixed" }, content);
}

export function link(words, ...path) {
    return el("a", { href: "#" + cockpit.location.encode(path), class: "name" }, words);
}

/** A word with a colour, which adds nothing to the word. */
export function badge(word, kind = word) {
    return el("span", { class: `badge ${kind}` }, word);
}

export function button(words, act, { kind = "secondary", key = words, why = null, ...more } = {}) {
    // Not `disabled`: the button could not be reached, nor say why.
    const made = el("button", {
        type: "button", class: kind, "data-key": key, "aria-disabled": why ? "true" : null, title: why, ...more,
        onclick: () => { if (!why) act(); },
    }, words);
    if (why)
        made.append(el("span", { class: "hidden-text" }, ` (${why})`));
    return made;
}

export function card(title, ...content) {
    return el("section", { class: "card" }, el("h2", {}, title), content);
}

/** Names and values below each other. */
export function facts(pairs) {
    return el("dl", {}, pairs.filter(Boolean).map(([name, ...value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

/** Rows of cells; the first of each is its head. Roles are said, for a narrow window lays the rows out as blocks. */
export function table(label, columns, rows, none) {
    if (!rows.length)
        return el("p", { class: "empty" }, none);
    const head = el("tr", { role: "row" }, columns.map(name => el("th", { role: "columnheader", scope: "col" }, name)));
    return el("table", { role: "table", "aria-label": label },
              el("thead", { role: "rowgroup" }, head),
              el("tbody", { role: "rowgroup" }, rows.map(cells => el("tr", { role: "row" }, cells.map((cell, index) => index === 0
                  ? el("th", { role: "rowheader", scope: "row", "data-label": columns[0] }, cell)
                  : el("td", { role: "cell", "data-label": columns[index] }, cell))))));
}

export function hints(list) {
    return list.length ? el("ul", { class: "hints", "aria-label": "What to do" }, list.map(hint => el("li", {}, sentence(hint)))) : null;
}

/** Something to heed: `severity` is one of vfpool's, or `error`. */
export function notice(severity, ...content) {
    const words = { error: "Error: ", fail: "Error: ", warning: "Warning: ", warn: "Warning: ", note: "Note: ", done: "" };
    return el("div", { class: `notice ${severity}` }, el("span", { class: "hidden-text" }, words[severity] ?? ""), content);
}

/** A failure of vfpool: message, code, cause, hints. */
export function failure(error) {
    const made = notice("error", el("strong", {}, error.message), error.code ? [" ", el("code", { class: "code" }, error.code)] : null,
                        error.cause ? el("pre", { class: "cause" }, ...lines(error.cause)) : null, hints(error.hints));
    made.setAttribute("role", "alert");
    return made;
}

/** A finding or warning of vfpool. */
export function finding(found) {
    return notice(found.severity, sentence(found.message), hints(found.hints));
}

function lines(text) {
    return text.split("\n").flatMap((line, index) => index ? [el("br"), line] : [line]);
}

/** A difference in the unified form, line by line. */
export function diff(text) {
    const kinds = { "+": "added", "-": "removed", "@": "place" };
    return el("pre", { class: "diff", tabindex: "0", role: "group", "aria-label": "Difference" }, text.replace(/\n$/, "").split("\n").map((line, index) =>
        el("span", { class: index < 2 ? "file" : kinds[line[0]] ?? null }, line)));
}
