import type { IncomingHttpHeaders } from "node:http";
import { MIMEType } from "node:util";
import { HeadroomError } from "../errors.ts";

const ALLOWED = { allowed: ["application/json"] };

/**
 * Checks that the headers announce a plain JSON body in UTF-8. Insisting on the media type also
 * keeps web pages of other origins out: a browser asks before it sends this type.
 *
 * @throws HeadroomError `unsupported_media_type`, `unsupported_charset` or `unsupported_encoding`
 */
export function checkContentType(headers: IncomingHttpHeaders): void {
  const type = parse(headers["content-type"]);
  if (type?.essence !== "application/json") {
    throw new HeadroomError(
      "unsupported_media_type",
      `The Content-Type is ${type ? "another one" : "missing or malformed"}; ` +
        "send JSON with Content-Type: application/json.",
      { members: ALLOWED },
    );
  }
  const charset = type.params.get("charset");
  if (charset !== null && !/^utf-?8$/i.test(charset)) {
    throw new HeadroomError(
      "unsupported_charset",
      "The Content-Type names a charset other than utf-8; encode the body as UTF-8.",
      { members: { allowed: ["utf-8"] } },
    );
  }
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding !== "identity" && encoding !== "") {
    throw new HeadroomError(
      "unsupported_encoding",
      "The body has a Content-Encoding, and compressed bodies are not read; send it as it is.",
      { members: { allowed: ["identity"] } },
    );
  }
}

function parse(contentType: string | undefined): MIMEType | undefined {
  try {
    return contentType === undefined ? undefined : new MIMEType(contentType);
  } catch {
    return undefined;
  }
}
