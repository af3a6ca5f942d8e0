import type { Asked, BundleBegun, BundleShown, HarRead, Personal, SetUp } from "../../wire";

/** What the recording answers. */
export function beginBundle(error: string, read: HarRead | null): BundleBegun {
  const broken = read?.chains[0]?.links.find(({ outcome }) => outcome === "failed");
  const asked: Asked = {
    error,
    address: broken ? `https://${broken.place.host}${broken.place.path}` : "",
    browser: read?.recording.agent ?? "",
    person: "",
    began: broken?.at ?? "",
    affected: null,
    changes: "",
  };
  const recording = read && {
    file: read.file,
    requests: read.recording.requests,
    recorded_by: read.recording.creator,
  };
  return { asked, recording };
}

/** Files with addresses taken out; all else that the program takes out nobody types into the fake. */
export function makeBundle(
  asked: Asked,
  personal: Personal,
  setUp: SetUp | null,
  read: HarRead | null,
): BundleShown[] {
  const plain = (value: unknown) =>
    (typeof value === "string" ? value : JSON.stringify(value, null, 2)).replace(
      /[\w.]+@[\w.]+/g,
      personal === "hash" ? "person-3fa94c11d20e" : "•••",
    );
  const answers = Object.entries(asked).map(([name, answer]) => `- ${name}: ${answer ?? ""}`);
  const found = (read?.findings ?? []).map(({ code, what }) => `1. \`${code}\` ${what}`);
  const report = ["# Single sign-on failure", ...found, ...answers].join("\n");
  const texts: [string, unknown][] = [
    ["report.md", report],
    ["diagnosis.json", { findings: read?.findings ?? [] }],
  ];
  if (setUp) texts.push(["setup.json", setUp]);
  if (read) texts.push(["recording.har", { log: { entries: read.chains[0]?.links ?? [] } }]);
  texts.push(["manifest.json", { files: texts.map(([name]) => name) }]);
  return texts.map(([name, value]) => {
    const text = plain(value);
    const removed = name === "manifest.json" ? [] : ["addresses of people"];
    const next = name === "recording.har" ? text.length : null;
    return { name, size: text.length, sha256: "5f2c".repeat(16), removed, text, next };
  });
}
