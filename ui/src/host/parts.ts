import { base64 } from "../base64";

/** How much of a file goes to the program at once, in bytes: little enough that nothing else waits for it. */
const PART = 512 * 1024;

/** A file in base64, part by part, its bytes never all in memory. */
export async function* partsOf(file: Blob): AsyncGenerator<string> {
  for (let at = 0; at < file.size; at += PART) {
    yield base64(new Uint8Array(await file.slice(at, at + PART).arrayBuffer()));
  }
}
