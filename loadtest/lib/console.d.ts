/** k6 has a console, but its type package does not say so. */
declare const console: { error(message: string): void };
