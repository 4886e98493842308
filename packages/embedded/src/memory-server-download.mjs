// Runs mongodb-memory-server's download in a process of its own, since a download cannot be called off from inside.
// Prints its progress, then one line of JSON: { "path": … } or { "error": … }.
import { MongoBinary } from "mongodb-memory-server";

process.on("disconnect", () => process.exit());

try {
  console.log(JSON.stringify({ path: await MongoBinary.getPath() }));
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
  process.exitCode = 1;
}
process.disconnect?.();
