import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A file system of its own, small enough to be filled. */
export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Null where none can be mounted: that takes Linux, and the right to. */
  static async mount(megabytes: number): Promise<SmallDisk | null> {
    const folder = await mkdtemp(path.join(tmpdir(), "live-orders-disk-"));
    try {
      await run("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]);
    } catch {
      await rm(folder, { recursive: true });
      return null;
    }
    // A server that may not run as root has an account of its own.
    await chmod(folder, 0o755);
    return new SmallDisk(folder);
  }

  /** Leaves nothing. */
  async fill(): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    await writeFile(this.#ballast, Buffer.alloc(bavail * bsize));
  }

  async clear(): Promise<void> {
    await rm(this.#ballast, { force: true });
  }

  async unmount(): Promise<void> {
    await run("umount", ["--lazy", this.folder]);
    await rm(this.folder, { recursive: true });
  }

  get #ballast(): string {
    return path.join(this.folder, "ballast");
  }
}
