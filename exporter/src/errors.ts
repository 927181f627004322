/** Error codes that clients can rely on, each with its HTTP status and RFC 9457 title. */
export const PROBLEMS = {
  invalid_json: { status: 400, title: "The body is not valid JSON" },
  invalid_encoding: { status: 400, title: "The body is not valid UTF-8" },
  invalid_request: { status: 400, title: "The request does not match the schema" },
  too_many_messages: { status: 400, title: "Too many messages" },
  no_messages: { status: 400, title: "No messages" },
  lone_surrogate: { status: 400, title: "A message is not valid Unicode" },
  nul_character: { status: 400, title: "A message contains NUL" },
  empty_message: { status: 400, title: "A message has no text" },
  message_too_long: { status: 400, title: "A message is too long" },
  unknown_attribution: { status: 400, title: "Unknown attribution method" },
  unknown_strategy: { status: 400, title: "Unknown strategy" },
  unknown_language: { status: 400, title: "Unknown language" },
  deadline_out_of_range: { status: 400, title: "The deadline is out of range" },
  unsupported_parameter: { status: 400, title: "The chat model cannot do that" },
  context_length_exceeded: { status: 400, title: "The prompt is too long for the model" },
  invalid_alerts: { status: 400, title: "The body is not a notification of alerts" },
  unknown_alerts_version: { status: 400, title: "Unknown version of the notification" },
  unknown_field: { status: 400, title: "Unknown field" },
  duplicate_field: { status: 400, title: "A field occurs twice" },
  malformed_http: { status: 400, title: "The request is not valid HTTP" },
  unauthorized: { status: 401, title: "A bearer token is needed" },
  not_found: { status: 404, title: "No such path" },
  unknown_model: { status: 404, title: "Unknown model" },
  unknown_scenario: { status: 404, title: "Unknown scenario" },
  method_not_allowed: { status: 405, title: "Method not allowed" },
  request_timeout: { status: 408, title: "The request arrived too slowly" },
  body_too_large: { status: 413, title: "The body is too large" },
  too_much_work: { status: 413, title: "The request asks for too much work" },
  unsupported_media_type: { status: 415, title: "The body must be application/json" },
  unsupported_charset: { status: 415, title: "The body must be UTF-8" },
  unsupported_encoding: { status: 415, title: "The body must not be compressed" },
  host_not_allowed: { status: 421, title: "This name is not served here" },
  too_many_alerts: { status: 422, title: "Too many alerts" },
  headers_too_large: { status: 431, title: "The headers are too large" },
  internal_error: { status: 500, title: "The server failed" },
  storage_failed: { status: 500, title: "The incident could not be written" },
  model_failed: { status: 500, title: "The model failed" },
  upstream_unreachable: { status: 502, title: "The model server cannot be reached" },
  upstream_failed: { status: 502, title: "The model server did not answer as it should" },
  model_unavailable: { status: 503, title: "The model is being started again" },
  overloaded: { status: 503, title: "Too much work is queued" },
  deadline_exceeded: { status: 504, title: "The answer took too long" },
  draining: { status: 503, title: "The server is shutting down" },
  storage_full: { status: 507, title: "No room for incidents" },
} as const;

/** A stable error code. */
export type ProblemCode = keyof typeof PROBLEMS;

/** Members of a problem beyond those of RFC 9457, for programs: never the text of a message. */
export type ProblemMembers = Readonly<
  Record<string, string | number | readonly (string | number)[] | undefined>
>;

/** An error that a client may see: what happened, and what to do next. */
export class HeadroomError extends Error {
  readonly code: ProblemCode;
  /** Seconds after which a retry makes sense; sent as Retry-After. */
  readonly retryAfterSeconds: number | undefined;
  /** Sent beside `code` and `detail`, such as `limit` or `index`. */
  readonly members: ProblemMembers;

  constructor(
    code: ProblemCode,
    detail: string,
    options: ErrorOptions & { retryAfterSeconds?: number; members?: ProblemMembers } = {},
  ) {
    super(detail, options);
    this.name = "HeadroomError";
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.members = options.members ?? {};
  }
}
