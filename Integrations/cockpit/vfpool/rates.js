// What goes through VFs now, by `vfpool top`.
import { el } from "./dom.js";
import { read } from "./host.js";
import { rateWords } from "./words.js";

/** Null where vfpool can't say. */
export async function readRates(name) {
    return null;
}

export function rates(traffic, one) {
    return [];
}
