import { z } from "zod";

/** For routes that take no query parameters: any is refused. */
export const NO_QUERY = z.strictObject({});
