import { z } from "zod";

/** "All up to here has been seen", opaque to readers; the same one works on every transport and every node. */
export const cursorSchema = z.string().min(1).max(1024);
export type Cursor = z.infer<typeof cursorSchema>;
