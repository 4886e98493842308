import type { Request } from "express";
import type { z } from "zod";
import { checked } from "./checked.ts";
import { invalid, ProblemError } from "./problem-error.ts";

/**
 * The JSON body of a request, as the schema says.
 *
 * @param limit in bytes
 * @throws ProblemError `too-large`; `validation` if it is not JSON in UTF-8 or breaks the schema
 */
export async function readBody<S extends z.ZodType>(
  request: Request,
  schema: S,
  limit: number,
): Promise<z.output<S>> {
  refuseOtherTypes(request);
  return checked(schema, parseJson(await readBytes(request, limit)), "body");
}

/** For requests whose body has no meaning: none, or an empty object. */
export async function readNoBody(request: Request, schema: z.ZodType, limit: number): Promise<void> {
  const bytes = await readBytes(request, limit);
  if (bytes.length > 0) checked(schema, parseJson(bytes), "body");
}

function refuseOtherTypes(request: Request): void {
  const type = request.headers["content-type"];
  if (type !== undefined && !/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type.trim())) {
    throw invalid("Content-Type", "must be application/json");
  }
  const charset = /;\s*charset\s*=\s*"?([\w-]+)/i.exec(type ?? "")?.[1];
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset)) {
    throw invalid("Content-Type", "must be in UTF-8");
  }
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    throw invalid("Content-Encoding", "must be identity");
  }
}

const tooLarge = (limit: number): ProblemError =>
  new ProblemError("too-large", {
    detail: `The body must be at most ${limit / 1024} KiB long`,
  });

async function readBytes(request: Request, limit: number): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const done = (error: Error | null): void => {
      request.off("data", take).off("end", end).off("error", done).off("close", aborted);
      if (error === null) resolve(Buffer.concat(chunks, length));
      else reject(error);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > limit) done(tooLarge(limit));
      else chunks.push(chunk);
    };
    const end = (): void => done(null);
    const aborted = (): void => done(invalid("body", "was cut off"));
    request.on("data", take).once("end", end).once("error", done).once("close", aborted);
  });
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw invalid("body", "is not JSON in UTF-8");
  }
}
