// What each place of the page reads, and shows of it.
import { changes, change } from "./log.js";
import { doctor } from "./doctor.js";
import { overview } from "./overview.js";
import { guest, pf, pool } from "./things.js";

/** `read(path)`: vfpool's documents; `show(data, path, context)`: elements. */
export const views = { overview, pool, pf, guest, doctor, log: { read: path => (path[0] ? change : changes).read(path), show: (data, path, context) => (path[0] ? change : changes).show(data, path, context) } };
