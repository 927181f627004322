/**
 * Everything that detection reads from outside, so that recorded machines can take the place of
 * this one. Each reading may fail: then it rejects with a message that says what could not be read.
 */
export interface HardwareSources {
  readonly platform: NodeJS.Platform;
  /** Of this process, as `process.arch` has it. */
  readonly arch: string;
  /** What Node says about the machine. */
  readonly os: OsFigures;
  /** Folders in which Node looks for packages. */
  readonly moduleFolders: readonly string[];
  /**
   * The standard output of a command.
   *
   * @throws Error when it cannot be started or does not end with 0
   */
  run(command: string, args: readonly string[]): Promise<string>;
  /** @throws Error when the file cannot be read */
  readFile(path: string): Promise<string>;
  exists(path: string): Promise<boolean>;
  /** The names in a folder; none when there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
}

/** Figures that Node itself knows, as they are now. */
export interface OsFigures {
  readonly totalMemoryBytes: number;
  readonly freeMemoryBytes: number;
  /** Resident set of this process. */
  readonly residentBytes: number;
  /** Processors that the scheduler lets this process use. */
  readonly parallelism: number;
  /** Empty when it is not known. */
  readonly cpuModel: string;
}
