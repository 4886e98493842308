import { problemSchema, slugOf, type Problem, type ProblemSlug } from "@live-orders/protocol/problem";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  json(): unknown;
  /** The body as a problem of the contract; throws if it is none, or comes under another type or status. */
  problem(): Problem & { slug: ProblemSlug };
}

export interface CallOptions {
  /** Sent as it is if it is a string or bytes, else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One HTTP request. */
export async function call(
  url: string,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Answer> {
  const { body, headers } = options;
  const raw = typeof body === "string" || body instanceof Uint8Array;
  const response = await fetch(new URL(path, url), {
    method,
    headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: raw ? new Uint8Array(Buffer.from(body)) : JSON.stringify(body) }),
  });
  return answerOf(response.status, response.headers, await response.text());
}

function answerOf(status: number, headers: Headers, text: string): Answer {
  return {
    status,
    headers,
    text,
    json: () => JSON.parse(text) as unknown,
    problem: () => {
      const type = headers.get("Content-Type") ?? "";
      if (!type.startsWith("application/problem+json"))
        throw new Error(`no problem: ${status} ${type} ${text}`);
      const problem = problemSchema.parse(JSON.parse(text));
      if (problem.status !== status)
        throw new Error(`status ${status}, but the problem says ${problem.status}`);
      if (problem.requestId !== headers.get("X-Request-Id")) throw new Error("another request's id");
      return { ...problem, slug: slugOf(problem) };
    },
  };
}
