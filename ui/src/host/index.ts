import type {
  Asked,
  Bringing,
  BundleBegun,
  BundlePart,
  BundleShown,
  CertificatesRead,
  Change,
  Consultation,
  Checklist,
  DescribedService,
  Document,
  Desk,
  Diagnosed,
  Discovery,
  Draft,
  HistoryShown,
  FaultTaught,
  Given,
  HarProgress,
  HarRead,
  Home,
  Looked,
  MetadataRead,
  MetadataSource,
  PastedRules,
  PasteTold,
  Personal,
  Progress,
  Protocol,
  Replayed,
  RevisionHead,
  Rule,
  SignInAsk,
  Start,
  Symptom,
  Tested,
  Told,
  Tried,
  TryOn,
  WholePlan,
} from "../wire";
import type { PeopleHost } from "./people";

/**
 * All that the interface asks of the program around it. Every method may reject with a `Told`.
 */
export interface Host {
  start(): Promise<Start>;
  /** Puts the report on a damaged database away. */
  putSalvageAway(): Promise<null>;
  home(): Promise<Home>;
  createWorkspace(): Promise<Desk>;
  createPractice(protocol: Protocol): Promise<Desk>;
  openWorkspace(id: string): Promise<Desk>;
  deleteWorkspace(id: string): Promise<Home>;
  /** Keeps the draft. Rejects with `changed_elsewhere` if `version` is not the newest. */
  keep(id: string, version: number, draft: Draft): Promise<Desk>;
  /** Keeps the client secret; an empty one removes it. */
  keepSecret(id: string, version: number, secret: string): Promise<Desk>;
  revealSecret(id: string): Promise<string>;
  discover(id: string, issuer: string): Promise<Discovery>;
  /** `null` when the person chose no file. */
  readMetadata(id: string, source: MetadataSource): Promise<MetadataRead | null>;
  readCertificates(text: string): Promise<CertificatesRead>;
  /** `null` when the person chose no file. */
  chooseCertificates(): Promise<CertificatesRead | null>;
  /** The service's own metadata, as XML. */
  serviceMetadata(id: string): Promise<string>;
  /** The path that was written; `null` when the person chose none. */
  saveServiceMetadata(id: string): Promise<string | null>;
  /** Makes the workspace's own key pair, in the place of one that it may have. */
  makeKeyPair(id: string, version: number): Promise<Desk>;
  forgetKeyPair(id: string, version: number): Promise<Desk>;
  /** Says what a pasted text is, and where it belongs; `field` is the path where it was pasted. */
  recognise(
    id: string,
    text: string,
    field: string | null,
    discovered: string | null,
  ): Promise<PasteTold>;
  /** Reads many rules at once; `rules` are those that they would stand behind. */
  readRules(id: string, rules: Rule[], text: string): Promise<PastedRules>;
  /** Tries rules, kept or not, on somebody's claims. */
  tryRules(id: string, rules: Rule[], on: TryOn): Promise<Tried>;
  /** What everybody tested would get under these rules, kept or not. */
  replay(id: string, rules: Rule[]): Promise<Replayed[]>;
  signIn(id: string, ask: SignInAsk, onProgress: (progress: Progress) => void): Promise<Tested>;
  cancelSignIn(): Promise<void>;
  /** Judges the answer of a sign-in elsewhere; `null` when the person chose no file. */
  bringAnswer(id: string, bringing: Bringing): Promise<Tested | null>;
  /** Names the person of one test sign-in; an empty name removes it. */
  nameTest(id: string, evidence: string, name: string): Promise<Desk>;
  forgetTest(id: string, evidence: string): Promise<Desk>;
  saveRevision(id: string, version: number, reason: string | null): Promise<Desk>;
  /** Declares the newest revision the only way in; `name` is the workspace's, typed to make sure. */
  enforce(id: string, version: number, name: string, reason: string | null): Promise<Desk>;
  /** Takes that back. */
  relax(id: string, version: number): Promise<Desk>;
  revisions(id: string): Promise<RevisionHead[]>;
  /** The revisions with what proved them, the newest first, and what changed since it last worked. */
  history(id: string): Promise<HistoryShown>;
  /** What differs between two revisions; `null` stands for the draft. */
  compare(id: string, before: number | null, after: number | null): Promise<Change[]>;
  /** Makes a new revision from an older one; the draft becomes it. */
  restoreRevision(id: string, version: number, number: number): Promise<Desk>;
  /** The path that was written; `null` when the person chose none. */
  exportWhole(id: string): Promise<string | null>;
  /** What a whole workspace would change; `null` when the person chose no file. */
  planImport(): Promise<WholePlan | null>;
  /** Imports the whole workspace that was planned last. */
  importPlanned(): Promise<Desk>;
  /** `null` when the person chose no file. */
  importSetUp(): Promise<Desk | null>;
  /** The people of a company. */
  readonly people: PeopleHost;
  /** Reads a recording that was dropped, or one that the person chooses; `null` when they chose none. */
  readHar(
    id: string | null,
    file: File | null,
    onProgress: (progress: HarProgress) => void,
  ): Promise<HarRead | null>;
  /** Ends that reading. */
  cancelHar(): Promise<void>;
  /** What is known of what support asks for; `error` is what was pasted. */
  beginBundle(id: string | null, error: string): Promise<BundleBegun>;
  /** The files of the bundle, exactly as they will be in the zip. */
  makeBundle(
    id: string | null,
    asked: Asked,
    personal: Personal,
    withRecording: boolean,
  ): Promise<BundleShown[]>;
  /** More of a file of the bundle that was made last, from this byte on. */
  readBundle(name: string, from: number): Promise<BundlePart>;
  /** Writes the bundle that was made last. The path; `null` when the person chose none. */
  saveBundle(): Promise<string | null>;
  /** What a sign-in that does not work can look like. */
  symptoms(): Promise<Symptom[]>;
  /** Where the search for a cause stands; without a workspace only the answers count. */
  consult(id: string | null, symptom: string, given: Given[]): Promise<Consultation | null>;
  /** Asks the provider again; `metadata` is the address of its metadata, where it is known. */
  lookAtProvider(id: string, metadata: string | null): Promise<Looked>;
  /** Names the cause in whatever was pasted. */
  diagnoseText(id: string | null, text: string): Promise<Diagnosed>;
  /** Everything that the practice provider can do otherwise. */
  practiceFaults(): Promise<FaultTaught[]>;
  /** Has it do that; `null`: it keeps to the standard again. */
  setPracticeFault(fault: string | null): Promise<FaultTaught[]>;
  /** The two-sided list for whoever runs the provider. */
  checklist(id: string): Promise<Checklist>;
  /** The path that was written; `null` when the person chose none. */
  writeAs(id: string, form: Document): Promise<string | null>;
  /** The same for the service that the set-up describes. */
  exportService(id: string): Promise<string | null>;
  /** `null` when the person chose no file. */
  chooseService(): Promise<DescribedService | null>;
  /** Prints what the page marks as printed. */
  print(): Promise<void>;
  /** Puts text on the clipboard. */
  copy(text: string): Promise<void>;
  /** Names the window. */
  setTitle(text: string): Promise<void>;
}

/** Whether a rejection carries a finding. */
export function isTold(thrown: unknown): thrown is Told {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && "what" in thrown;
}

/**
 * The finding in a rejection. Anything else than a finding is a fault of the program: it is shown
 * under the code `unexpected`, with the words that the interface has for it.
 */
export function toldFrom(thrown: unknown, words: { what: string; do: string }): Told {
  if (isTold(thrown)) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "unexpected", severity: "error", path: null, ...words, data: { detail } };
}
