// The page: what is shown follows its address, and what the host says.
import { button, el, failure } from "./dom.js";
import { follow, read } from "./host.js";
import { followTheme } from "./theme.js";
import { views } from "./views.js";

const seconds = 10;
const permission = cockpit.permission({ admin: true });
const page = document.getElementById("page");
const nav = document.getElementById("nav");
let shown = null;      // what stands in the page, as text: what did not change is not made anew
let turn = 0;          // of the reading that is under way: an older one's answer is dropped
let busy = false;      // a dialog is open

/** Why nothing can be changed, if so. */
function limits() {
    return permission.allowed === false ? "this needs administrative access" : null;
}

function place() {
    const [name = "overview", ...path] = cockpit.location.path;
    return { view: views[name] ?? views.overview, name: views[name] ? name : "overview", path };
}

/** Reads what the place shows, and shows it. */
async function refresh({ quiet = false } = {}) {
    const mine = ++turn;
    const { view, path } = place();
    if (!quiet)
        page.setAttribute("aria-busy", "true");
    let content, key;
    try {
        const data = await view.read(path);
        key = JSON.stringify([cockpit.location.path, limits(), data]);
        content = () => view.show(data, path, context);
    } catch (thrown) {
        const error = thrown.error ?? { code: null, message: String(thrown), cause: null, hints: [] };
        key = JSON.stringify([cockpit.location.path, error]);
        content = () => [failure(error)];
    }
    if (mine !== turn)
        return;
    page.setAttribute("aria-busy", "false");
    if (key !== shown) {
        shown = key;
        put(content());
    }
    page.dataset.place = JSON.stringify(cockpit.location.path);
}

/** Replaces what is shown; the focus stays on what is the same after it. */
function put(content) {
    const key = keyOf(document.activeElement);
    const limited = limits() && el("div", { class: "notice note", id: "limited" }, el("strong", {}, "Limited access. "),
        "You see what libvirt and the kernel tell everyone; root's journal is not part of that. To make changes, turn on administrative access at the top of Cockpit's window.");
    page.replaceChildren(...[limited, content].flat(Infinity).filter(Boolean));
    if (key && document.activeElement === document.body)
        [...page.querySelectorAll("a, button, input, [data-key]")].find(one => keyOf(one) === key)?.focus();
}

function keyOf(element) {
    return element?.dataset?.key ?? element?.getAttribute?.("href") ?? null;
}

function navigate() {
    const { name } = place();
    const entries = { overview: "Overview", doctor: "Checks", log: "Changes" };
    nav.replaceChildren(...Object.entries(entries).map(([entry, words]) =>
        el("a", { href: "#" + cockpit.location.encode(entry === "overview" ? [] : [entry]), "aria-current": name === entry ? "page" : null }, words)),
    el("span", { class: "space" }), button("Refresh", () => refresh(), { kind: "link" }));
}

const context = {
    /** A button that opens a dialog; without the right to change anything it says so. */
    act: (words, open, more = {}) => button(words, async () => {
        busy = true;
        const changed = await open();
        busy = false;
        await refresh();
        if (changed)
            say("The page shows the host as it is now.");
        const key = more.key ?? words;
        ([...page.querySelectorAll("[data-key]")].find(one => one.dataset.key === key) ?? page).focus();
    }, { why: limits(), ...more }),
    limits,
};

function say(text) {
    document.getElementById("said").textContent = text;
}

function goElsewhere() {
    shown = null;
    say("");
    navigate();
    delete page.dataset.place;
    page.replaceChildren(el("p", { class: "empty" }, "Reading the host…"));
    refresh();
}

/** Whether someone may be looking. */
function isSeen() {
    return !document.hidden && !cockpit.hidden;
}

let unfollow = null;   // ends what tells of changes
let heard = false;     // of one that is not shown yet
let telling = false;

/** Something changed: what changes while it is read is read after that, once. */
async function tell() {
    heard = true;
    if (telling)
        return;
    telling = true;
    while (heard) {
        // Changes come in swarms.
        await new Promise(resolve => { setTimeout(resolve, 300); });
        heard = false;
        if (!busy && isSeen())
            await refresh({ quiet: true });
    }
    telling = false;
}

/** As long as someone is looking, what happens on the host is shown when it happens. */
function followHost() {
    if (!isSeen()) {
        unfollow?.();
        unfollow = null;
    } else if (!unfollow) {
        unfollow = follow(tell);
    }
}

function looked() {
    followHost();
    if (isSeen() && !busy)
        refresh({ quiet: true });
}

followTheme();
cockpit.addEventListener("locationchanged", () => { goElsewhere(); page.focus(); });
permission.addEventListener("changed", () => {
    // As who one is now.
    unfollow?.();
    unfollow = null;
    followHost();
    refresh();
});
document.addEventListener("visibilitychange", looked);
cockpit.addEventListener("visibilitychange", looked);
document.addEventListener("measured", () => { if (!busy) refresh({ quiet: true }); });
setInterval(() => { if (!busy && isSeen()) refresh({ quiet: true }); }, seconds * 1000);
goElsewhere();
followHost();
