import { createContext, use } from "react";

/** Whether single letters work as shortcuts. */
export const SingleKeys = createContext(true);
export const useSingleKeys = (): boolean => use(SingleKeys);
