// Unpacks the Chromium that npm's @sparticuz/chromium carries. In a process of its own, since that package takes the
// place from TMPDIR and what to unpack from the environment, and both are to be set for it alone.
import chromium from "@sparticuz/chromium";

process.on("disconnect", () => process.exit());
await chromium.executablePath();
process.disconnect?.();
