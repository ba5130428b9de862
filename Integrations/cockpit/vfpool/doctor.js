// What `vfpool doctor` says of the host.
import { badge, card, el, hints, sentence, table } from "./dom.js";
import { read } from "./host.js";

const words = { fail: "FAIL", warn: "WARN", note: "NOTE", unknown: "?", pass: "PASS" };
const worst = Object.keys(words);

/** What is not well with one thing; without an answer nothing is said. */
export async function problems(name) {
    const { checks } = await read("doctor", ["--problems"], [name]);
    return checks.filter(check => check.verdict !== "unknown").sort(byVerdict);
}

function byVerdict(one, other) {
    return worst.indexOf(one.verdict) - worst.indexOf(other.verdict);
}

export const doctor = {
    read: () => read("doctor"),

    show({ checks, verdicts }) {
        const rows = [...checks].sort(byVerdict).map(check => [
            badge(words[check.verdict] ?? check.verdict, check.verdict), el("code", {}, check.check), [sentence(check.message), hints(check.hints)],
        ]);
        const counts = worst.map(verdict => `${verdicts[verdict]} ${words[verdict]}`).join(", ");
        return [el("div", { class: "title" }, el("h1", {}, "Checks")), card("Host, PFs, pools and guests", el("p", {}, counts), table("Checks", ["Verdict", "Check", "What it says"], rows, "There is nothing to check."))];
    },
};
