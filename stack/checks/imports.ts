import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

/** What a file imports at run time. */
export interface Imports {
  /** Files of the checkout, as paths from its top. */
  readonly files: readonly string[];
  /** Modules of Node and of other packages. */
  readonly modules: readonly string[];
}

const SOURCE = /\.([cm]?ts|tsx|[cm]?js)$/;

/**
 * The imports between the files of a checkout. Imports of types are none: nothing of them is there
 * when the program runs. A package of the checkout is followed by its name.
 */
export class ImportGraph {
  readonly #root: string;
  readonly #known = new Map<string, Imports>();

  constructor(root: string) {
    this.#root = realpathSync(root);
  }

  /** What one file imports itself. */
  of(file: string): Imports {
    const known = this.#known.get(file);
    if (known) return known;
    const files: string[] = [];
    const modules: string[] = [];
    for (const name of importedIn(file, readFileSync(join(this.#root, file), "utf8"))) {
      const found = this.#fileOf(name, file);
      if (found === undefined) modules.push(name);
      else if (SOURCE.test(found) && existsSync(join(this.#root, found))) files.push(found);
    }
    const imports = { files, modules };
    this.#known.set(file, imports);
    return imports;
  }

  /**
   * The files that a reader opens to follow these, and these.
   *
   * @throws Error when one of them is not there
   */
  closure(entries: readonly string[]): ReadonlySet<string> {
    const seen = new Set<string>(entries);
    // A set also visits what is added while it is walked.
    for (const file of seen) for (const next of this.of(file).files) seen.add(next);
    return seen;
  }

  /** Groups of files that import each other in a circle; each is one circle, in order. */
  circles(files: Iterable<string>): readonly (readonly string[])[] {
    const circles: string[][] = [];
    const done = new Set<string>();
    const path: string[] = [];
    const visit = (file: string) => {
      const at = path.indexOf(file);
      if (at >= 0) circles.push(path.slice(at));
      if (at >= 0 || done.has(file)) return;
      path.push(file);
      for (const next of this.of(file).files) visit(next);
      path.pop();
      done.add(file);
    };
    for (const file of files) visit(file);
    return circles;
  }

  /** Undefined for a module that is no file of the checkout. */
  #fileOf(name: string, from: string): string | undefined {
    if (name.startsWith(".")) return join(dirname(from), name);
    if (!name.startsWith("@headroom/")) return undefined;
    return relative(this.#root, createRequire(join(this.#root, from)).resolve(name));
  }
}

/** The names that a file imports at run time, by `import`, `export ... from` and `import()`. */
function importedIn(file: string, text: string): readonly string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const names = source.statements.flatMap((statement) => {
    const named =
      (ts.isImportDeclaration(statement) && !isOfTypes(statement.importClause)) ||
      (ts.isExportDeclaration(statement) && !statement.isTypeOnly);
    const from = named ? statement.moduleSpecifier : undefined;
    return from && ts.isStringLiteral(from) ? [from.text] : [];
  });
  const later = [...text.matchAll(/\b(?:import|require)\(\s*"([^"]+)",?\s*\)/g)];
  return [...names, ...later.map(([, name]) => name!)];
}

function isOfTypes(clause: ts.ImportClause | undefined): boolean {
  if (!clause || clause.name) return false;
  if (clause.isTypeOnly) return true;
  const bindings = clause.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) return false;
  return bindings.elements.length > 0 && bindings.elements.every(({ isTypeOnly }) => isTypeOnly);
}
