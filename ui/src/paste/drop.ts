import { base64 } from "../base64";

/** What a file that was dropped on the window holds, as far as its first bytes tell. */
export type Dropped =
  | { kind: "metadata"; text: string }
  | { kind: "certificates"; text: string }
  | { kind: "text"; text: string }
  | { kind: "too_large" };

/** The largest file of metadata, in bytes: as much as the program reads, however it comes. */
export const LARGEST_METADATA = 20 * 1024 * 1024;
/** The largest file of certificates or anything else, in bytes. */
export const LARGEST_OTHER = 1024 * 1024;

/** The first byte of every DER certificate and every PKCS#7 bundle: a SEQUENCE (X.690, 8.9). */
const SEQUENCE = 0x30;

/** Reads a dropped file, up to the bounds. */
export async function readDropped(file: File): Promise<Dropped> {
  if (file.size > LARGEST_METADATA) return { kind: "too_large" };
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === SEQUENCE && bytes[1] !== undefined && bytes[1] >= 0x80) {
    return bytes.length > LARGEST_OTHER
      ? { kind: "too_large" }
      : { kind: "certificates", text: base64(bytes) };
  }
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  if (/^\uFEFF?\s*</.test(text)) return { kind: "metadata", text };
  if (bytes.length > LARGEST_OTHER) return { kind: "too_large" };
  return { kind: text.includes("-----BEGIN") ? "certificates" : "text", text };
}

/** By its byte order mark; without one it is UTF-8. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
