/**
 * The incidents process without the rights of root: a file's mode must hold for it as for the users that
 * services run as. Writes a line that is not JSON when they are gone.
 */
await import("../main.ts");

/** The user "nobody" of Linux; it owns no files. */
const NOBODY = 65_534;

// Only now: it may not be allowed to read the sources.
if (process.geteuid?.() === 0) process.seteuid?.(NOBODY);
process.stdout.write("without rights\n");
