import type { Desk, HarRead, Tested, Verdict } from "../../wire";
import { copyText } from "../clipboard";
import type { Host } from "../index";
import { deskOf, fingerprintOf, listedAs, summaryOf, type Bench } from "./bench";
import { beginBundle, makeBundle } from "./bundle";
import { catalogue } from "./catalogue";
import { BODIES, pemOf, readCertificates } from "./certificates";
import { checklistOf } from "./checklist";
import { discovery } from "./discover";
import { letThrough } from "./gates";
import { changesOf, historyOf, setUpOf } from "./history";
import { readMetadata } from "./metadata";
import { fakePeople } from "./people";
import { recognise } from "./recognise";
import { readRules, replay, tryRules } from "./rules";
import { salvageAt } from "./salvage";
import { benches, blank, practice, type Scenario } from "./scenarios";
import { claimsOf, failed, passed, script } from "./sign-in";
import { told } from "./told";
import { consult, diagnose, faults, lookAt, recording, symptoms } from "./trouble";

export { SCENARIOS, type Scenario } from "./scenarios";

export type FakeOptions = {
  scenario?: Scenario;
  /** Milliseconds that each thing takes which would take time. */
  pace?: number;
  now?: () => Date;
};

/** A host in plain TypeScript, for browsers and tests. Nothing it holds outlives the page. */
export function fakeHost({
  scenario = "empty",
  pace = 0,
  now = () => new Date(),
}: FakeOptions = {}) {
  const at = () => now().toISOString();
  const shelf = new Map<string, Bench>();
  for (const bench of benches(scenario, at())) shelf.set(bench.id, bench);
  const resume = ["empty", "salvaged"].includes(scenario) ? null : ([...shelf.keys()][0] ?? null);
  let cancelled = false;
  /** What the practice provider does otherwise. */
  let read: HarRead | null = null;
  let stopped = false;
  let broken: string | null = null;
  /** How often metadata was read: from the second time on, the provider has a new certificate. */
  let readings = 0;

  const wait = () => new Promise<void>((done) => setTimeout(done, pace));
  const find = (id: string): Bench => {
    const bench = shelf.get(id);
    if (!bench) throw told("workspace_not_found", { id });
    return bench;
  };
  const change = (id: string, version: number | null, act: (bench: Bench) => unknown): Desk => {
    const bench = find(id);
    if (version !== null && version !== bench.version) throw told("changed_elsewhere");
    act(bench);
    bench.version += 1;
    bench.changedAt = at();
    return deskOf(bench);
  };
  const add = (bench: Bench): Desk => {
    shelf.set(bench.id, bench);
    return deskOf(bench);
  };
  const home = () => ({
    workspaces: [...shelf.values()]
      .map((bench) => listedAs(summaryOf(bench), now()))
      .sort((a, b) => b.changed_at.localeCompare(a.changed_at)),
  });
  const conclude = (bench: Bench, hint: string | null): Verdict => {
    if (cancelled) return failed("answered", told("cancelled_by_person"));
    if (scenario === "failing") {
      const expected = bench.draft.set_up.connection.client_id ?? "";
      return failed(
        "addressed",
        told("audience_differs", { expected, received: "0oa9z8y7x6W5" }, "connection.client_id"),
      );
    }
    return passed(bench, claimsOf(bench, hint));
  };

  const host: Host = {
    async start() {
      if (scenario === "refused") throw told("database_newer", { found: 9, known: 3 });
      const salvage = scenario === "salvaged" ? salvageAt(at()) : null;
      return {
        catalogue,
        home: home(),
        resume,
        secrets: "keychain",
        database: "/home/olivia/.local/share/latchkey/latchkey.db",
        version: "0.1.0",
        salvage,
      };
    },
    async putSalvageAway() {
      return null;
    },
    async home() {
      return home();
    },
    async createWorkspace() {
      return add(blank(`w${crypto.randomUUID()}`, at()));
    },
    async createPractice(protocol) {
      return add(practice(`w${crypto.randomUUID()}`, at(), protocol));
    },
    async openWorkspace(id) {
      return deskOf(find(id));
    },
    async deleteWorkspace(id) {
      shelf.delete(id);
      return home();
    },
    async keep(id, version, draft) {
      const { name } = draft.set_up.workspace;
      const namesake = (other: Bench) => other.draft.set_up.workspace.name === name;
      if (name && [...shelf.values()].some((other) => other.id !== id && namesake(other))) {
        throw told("name_taken", { name });
      }
      return change(id, version, (bench) => {
        const { secret_mark, enforced } = bench.draft;
        bench.draft = { ...structuredClone(draft), secret_mark, enforced };
      });
    },
    async keepSecret(id, version, secret) {
      if (secret && secret === find(id).draft.set_up.connection.client_id) {
        throw told("secret_is_client_id", {}, "connection.client_secret");
      }
      return change(id, version, (bench) => {
        bench.secret = secret;
        bench.draft.secret_mark = secret ? crypto.randomUUID() : null;
      });
    },
    async revealSecret(id) {
      return find(id).secret;
    },
    async discover(_, issuer) {
      await wait();
      return discovery(issuer);
    },
    async readMetadata(_, from) {
      await wait();
      readings += 1;
      return readMetadata(from, now(), readings > 1);
    },
    async readCertificates(text) {
      return readCertificates(text, now());
    },
    async chooseCertificates() {
      return readCertificates(pemOf(BODIES.old), now());
    },
    async serviceMetadata(id) {
      const { audience, login_redirect_url } = deskOf(find(id));
      return `<EntityDescriptor entityID="${audience}"><!-- ${login_redirect_url} --></EntityDescriptor>`;
    },
    async saveServiceMetadata() {
      return "torq-metadata.xml";
    },
    async makeKeyPair(id, version) {
      return change(
        id,
        version,
        (bench) => (bench.keyPair = pemOf("MIIBfakeKeyPairOfTheWorkspace")),
      );
    },
    async forgetKeyPair(id, version) {
      return change(id, version, (bench) => (bench.keyPair = null));
    },
    async recognise(id, text, field) {
      return recognise(find(id), text, field);
    },
    async readRules(id, rules, text) {
      return readRules(find(id), rules, text);
    },
    async tryRules(id, rules, on) {
      return tryRules(find(id), rules, on);
    },
    async replay(id, rules) {
      return replay(find(id), rules);
    },
    async signIn(id, ask, onProgress): Promise<Tested> {
      cancelled = false;
      const data = {
        provider: "The provider",
        evidence: "invalid_redirect_uri",
        place: "the console",
      };
      const shows =
        scenario === "failing" ? [told("redirect_not_registered", { ...data, redirect: "…" })] : [];
      for (const progress of script(find(id), now(), shows)) {
        if (cancelled) break;
        onProgress(progress);
        await wait();
      }
      const bench = find(id);
      const verdict = conclude(bench, ask.hint);
      if (!verdict.verified) return { verdict, evidence: null, desk: deskOf(bench) };
      const evidence = crypto.randomUUID();
      const desk = change(id, null, ({ evidence: kept, draft }) => {
        kept.push({
          id: evidence,
          at: at(),
          way: ask.way,
          subject: verdict.subject ?? "",
          email: verdict.claims["email"]?.[0] ?? "",
          fingerprint: fingerprintOf(draft),
          stages: verdict.stages,
          signed_by: verdict.signed_by,
          claims: verdict.claims,
          expected_role: ask.expected_role,
        });
      });
      return { verdict, evidence, desk };
    },
    async cancelSignIn() {
      cancelled = true;
    },
    async bringAnswer(id, { source, expected_role, name }) {
      await wait();
      const text = source.from === "paste" ? source.text : "bob@acme.example";
      if (text.trim() === "") throw told("brought_empty", {}, "ask.answer");
      const email = /[a-z.]+@acme\.example/.exec(text)?.[0];
      if (!email) throw told("brought_unreadable", { reason: "it is no text of an answer" });
      const bench = find(id);
      const verdict =
        email === bench.draft.set_up.workspace.owner_email
          ? failed("identified", told("brought_owner", { email }))
          : passed(bench, claimsOf(bench, email));
      if (!verdict.verified) return { verdict, evidence: null, desk: deskOf(bench) };
      const evidence = crypto.randomUUID();
      const desk = change(id, null, ({ evidence: kept, draft }) => {
        kept.push({
          id: evidence,
          at: at(),
          way: "file",
          subject: verdict.subject ?? "",
          email,
          fingerprint: fingerprintOf(draft),
          stages: verdict.stages,
          signed_by: verdict.signed_by,
          claims: verdict.claims,
          expected_role,
          name,
        });
      });
      return { verdict, evidence, desk };
    },
    async nameTest(id, evidence, name) {
      return change(id, null, (bench) => {
        const one = bench.evidence.find((kept) => kept.id === evidence);
        if (one) one.name = name || null;
      });
    },
    async forgetTest(id, evidence) {
      return change(id, null, (bench) => {
        bench.evidence = bench.evidence.filter((one) => one.id !== evidence);
      });
    },
    async saveRevision(id, version, reason) {
      const why = letThrough(deskOf(find(id)).gate, reason);
      return change(id, version, (bench) => {
        const set_up = JSON.stringify(bench.draft.set_up);
        const number = bench.revisions.length + 1;
        const head = { number, at: at(), author: "olivia", reason: why, origin: "saved" as const };
        bench.revisions.push({ ...head, set_up });
      });
    },
    async enforce(id, version, name, reason) {
      const bench = find(id);
      const { draft, enforce_gate } = deskOf(bench);
      const why = letThrough(enforce_gate, reason);
      if (name.trim() !== draft.set_up.workspace.name.trim()) {
        throw told("name_not_typed", {}, "enforce.name");
      }
      const revision = bench.revisions.length;
      return change(id, version, (changed) => {
        changed.draft.enforced = { revision, at: at(), author: "olivia", reason: why };
      });
    },
    async relax(id, version) {
      return change(id, version, (bench) => (bench.draft.enforced = null));
    },
    async revisions(id) {
      return find(id)
        .revisions.map(({ number, at, author, reason, origin }) => ({
          number,
          at,
          author,
          reason,
          origin,
        }))
        .reverse();
    },
    async history(id) {
      return historyOf(find(id));
    },
    async compare(id, before, after) {
      return changesOf(find(id), before, after);
    },
    async restoreRevision(id, version, from) {
      return change(id, version, (bench) => {
        const set_up = setUpOf(bench, from);
        bench.draft.set_up = set_up;
        const number = bench.revisions.length + 1;
        const head = { number, at: at(), author: "olivia", reason: null };
        const origin = { restored: { from } };
        bench.revisions.push({ ...head, origin, set_up: JSON.stringify(set_up) });
      });
    },
    async exportWhole() {
      return "acme.whole.json";
    },
    async planImport() {
      const workspace = "Practice";
      const here = [...shelf.values()].some((one) => one.draft.set_up.workspace.name === workspace);
      return {
        file: "practice.whole.json",
        planned: {
          workspace,
          is_new: !here,
          exported_at: at(),
          revisions: 2,
          known: 0,
          people: ["olivia@acme.example", "bob@acme.example"],
          changes: [],
          draft_follows: true,
        },
      };
    },
    async importPlanned() {
      return add(practice(`w${crypto.randomUUID()}`, at()));
    },
    async importSetUp() {
      return add(practice(`w${crypto.randomUUID()}`, at()));
    },
    people: fakePeople({ serviceOf: (id) => deskOf(find(id)).service, wait }),
    async readHar(_id, file, onProgress) {
      stopped = false;
      onProgress({ read: 4_000_000, size: file?.size || 9_000_000 });
      await wait();
      if (stopped) throw told("cancelled_by_person", {});
      return (read = recording(file?.name));
    },
    async cancelHar() {
      stopped = true;
    },
    async beginBundle(_id, error) {
      return beginBundle(error, read);
    },
    async makeBundle(id, asked, personal, withRecording) {
      await wait();
      const setUp = id === null ? null : find(id).draft.set_up;
      return makeBundle(asked, personal, setUp, withRecording ? read : null);
    },
    async readBundle(name, from) {
      return { text: `more of ${name} from byte ${from} on\n`, next: null };
    },
    async saveBundle() {
      return "/home/olivia/latchkey-support.zip";
    },
    async symptoms() {
      return symptoms();
    },
    async consult(id, symptom, given) {
      return consult(symptom, given, id === null ? null : find(id));
    },
    async lookAtProvider(id, metadata) {
      await wait();
      return lookAt(find(id), metadata, at());
    },
    async diagnoseText(_id, text) {
      return diagnose(text);
    },
    async practiceFaults() {
      return faults(broken);
    },
    async setPracticeFault(fault) {
      broken = fault;
      return faults(broken);
    },
    async checklist(id) {
      return checklistOf(find(id));
    },
    async writeAs(id, form) {
      const { protocol, client_secret_expires } = find(id).draft.set_up.connection;
      if (form === "calendar" && protocol === "oidc" && !client_secret_expires) {
        throw told("secret_end_unknown", {}, "connection.client_secret_expires");
      }
      return form === "checklist" ? "acme.checklist.md" : "/home/olivia/acme";
    },
    async exportService(id) {
      if (typeof find(id).draft.set_up.workspace.service === "string") {
        throw told("service_not_described");
      }
      return "acme-desk.latchkey-service.json";
    },
    async chooseService() {
      return {
        name: "Acme Desk",
        login_redirect_url: "https://desk.acme.example/callback",
        audience: "desk",
        roles: ["Admin", "Agent"],
        fallback: "Guest",
      };
    },
    async print() {
      window.print();
    },
    copy: copyText,
    async setTitle(text) {
      document.title = text;
    },
  };
  return host;
}
