import { readFile } from "node:fs/promises";

/** A user of this machine. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ["postgres", "nobody"];

/**
 * Who the server is to run as: null for the user that this process runs as, which PostgreSQL takes unless it is root.
 * `initdb` looks its own user up, so that it has to be one of the machine's.
 * @throws Error if there is none
 */
export async function serverAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const passwd = await readFile("/etc/passwd", "utf8").catch(() => "");
  for (const name of CANDIDATES) {
    const account = findAccount(passwd, name);
    if (account) return account;
  }
  throw new Error(`PostgreSQL does not run as root, and this machine has no user ${CANDIDATES.join(" or ")}`);
}

/** `name:password:uid:gid:…`, a line for each user: passwd(5). */
export function findAccount(passwd: string, name: string): Account | null {
  for (const line of passwd.split("\n")) {
    const [user, , uid, gid] = line.split(":");
    if (user !== name || uid === undefined || gid === undefined) continue;
    if (/^[1-9]\d*$/.test(uid) && /^\d+$/.test(gid)) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return null;
}
