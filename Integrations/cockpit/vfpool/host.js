// vfpool on the host: the only place that runs it.
import { failureOf } from "./words.js";

const always = ["--connect=qemu:///system", "--format=json"];

/** A failure of a command; `error` is as vfpool's JSON has it. */
export class CommandFailed extends Error {
    constructor(error) {
        super(error.message);
        this.error = error;
    }
}

/** The words of a command: what its options are, then the names, which no name can be taken for. */
export function commandWords(command, options = [], names = []) {
    return ["vfpool", command, ...options.filter(Boolean), ...(names.length ? ["--", ...names] : [])];
}

/** `isChange`: whether it is one that makes a change, of which it matters how far it came. */
function spawn(words, superuser, isChange = false) {
    return new Promise((resolve, reject) => {
        cockpit.spawn(words, { superuser, err: "message" })
            .then(resolve)
            .catch((problem, output) => {
                // With 2 a command says, in full, that something is not well.
                if (problem.exit_status === 2 && output?.trimStart().startsWith("{"))
                    return resolve(output);
                reject(new CommandFailed(explain(problem, isChange)));
            });
    });
}

function explain(problem, isChange) {
    if (problem.problem === "not-found")
        return { code: null, message: "vfpool is not installed on this host", cause: null, hints: ["install the package vfpool"] };
    if (problem.problem === "access-denied")
        return { code: null, message: "This needs administrative access", cause: null, hints: ["turn it on at the top of Cockpit's window"] };
    // Neither vfpool's own end nor its answer came through: the bridge, the session or the network is gone.
    if (problem.problem && problem.exit_status === null && !problem.exit_signal) {
        const hints = isChange
            ? ["connect again, and see in Changes whether it was made: `vfpool log`", "what stopped on the way is told there, and how to go on"]
            : ["connect again: reload the page"];
        return {
            code: null, message: "The connection to the host was lost before vfpool answered" + (isChange ? ": the change may have been made, as a whole, in part or not at all" : ""),
            cause: problem.message || problem.problem, hints,
        };
    }
    return failureOf(problem.message, problem.exit_signal ? "vfpool was ended before it was done" : "vfpool could not say what went wrong");
}

/** What a command that changes nothing prints; as root where one may, else as the user. */
export async function read(command, options = [], names = []) {
    const [vfpool, ...words] = commandWords(command, options, names);
    return JSON.parse(await spawn([vfpool, words[0], ...always, ...words.slice(1)], "try"));
}

/** The picture, as SVG. */
export function picture() {
    return spawn(["vfpool", "picture", always[0], "--format=svg"], "try");
}

/** A change, as `commandWords` has it; with `--dry-run` its plan. */
export async function change(words, more) {
    return JSON.parse(await spawn([words[0], words[1], ...always, ...more, ...words.slice(2)], "require", !more.includes("--dry-run")));
}

/**
 * Calls `heard` when `vfpool watch` says that something is another than it was; begins anew where it ended.
 *
 * Returns a function that ends it.
 */
export function follow(heard, again = 10) {
    let process = null;
    let timer = null;
    let isOver = false;
    const begin = () => {
        let rest = "";
        const [vfpool, command] = commandWords("watch");
        process = cockpit.spawn([vfpool, command, ...always], { superuser: "try", err: "ignore" });
        process.stream(text => {
            const lines = (rest + text).split("\n");
            rest = lines.pop();
            if (lines.some(isChange))
                heard();
        });
        const next = () => { if (!isOver) timer = setTimeout(begin, again * 1000); };
        process.then(next, next);
    };
    begin();
    return () => {
        isOver = true;
        clearTimeout(timer);
        process.close("terminated");
    };
}

/** A line of `watch`: all but its first is. */
function isChange(line) {
    try {
        return JSON.parse(line).what !== "watching";
    } catch {
        return false;
    }
}
