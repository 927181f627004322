import childProcess, { ChildProcess } from "node:child_process";

// Loaded before each test of `npm test -- --fast`. A test that starts a program belongs to the whole
// run; stack/checks/jest.ts finds it by its imports, and here it fails if it was not found.

const refuse = (): never => {
  throw new Error(
    "This test starts a program, and nothing that it imports says so: name what does in STARTERS of " +
      "stack/checks/jest.ts.",
  );
};

// Every other way to start one goes through these.
Object.assign(ChildProcess.prototype, { spawn: refuse });
Object.assign(childProcess, { spawnSync: refuse, execSync: refuse, execFileSync: refuse });
