/** The part of a pino logger that the HTTP layer writes to. Fields never hold the text of a message. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
