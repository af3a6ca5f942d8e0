import { Channel } from "@tauri-apps/api/core";
import { getCurrentWindow } from "@tauri-apps/api/window";

import type { HarProgress, Progress } from "../wire";
import { commands } from "./bindings";
import { copyText } from "./clipboard";
import type { Host } from "./index";
import { partsOf } from "./parts";
import { people } from "./tauri-people";

/** The program itself. */
export const tauri: Host = {
  start: commands.start,
  putSalvageAway: commands.putSalvageAway,
  home: commands.home,
  createWorkspace: commands.createWorkspace,
  createPractice: commands.createPractice,
  openWorkspace: commands.openWorkspace,
  deleteWorkspace: commands.deleteWorkspace,
  keep: commands.keep,
  keepSecret: commands.keepSecret,
  revealSecret: commands.revealSecret,
  discover: commands.discover,
  readMetadata: commands.readMetadata,
  readCertificates: commands.readCertificates,
  chooseCertificates: commands.chooseCertificates,
  serviceMetadata: commands.serviceMetadata,
  saveServiceMetadata: commands.saveServiceMetadata,
  makeKeyPair: commands.makeKeyPair,
  forgetKeyPair: commands.forgetKeyPair,
  recognise: commands.recognise,
  readRules: commands.readRules,
  tryRules: commands.tryRules,
  replay: commands.replay,
  signIn(id, ask, onProgress) {
    const channel = new Channel<Progress>();
    channel.onmessage = onProgress;
    return commands.signIn(id, ask, channel);
  },
  async cancelSignIn() {
    await commands.cancelSignIn();
  },
  bringAnswer: commands.bringAnswer,
  nameTest: commands.nameTest,
  forgetTest: commands.forgetTest,
  saveRevision: commands.saveRevision,
  enforce: commands.enforce,
  relax: commands.relax,
  revisions: commands.revisions,
  history: commands.history,
  compare: commands.compare,
  restoreRevision: commands.restoreRevision,
  exportWhole: commands.exportWhole,
  planImport: commands.planImport,
  importPlanned: commands.importPlanned,
  importSetUp: commands.importSetUp,
  people,
  async readHar(id, file, onProgress) {
    const channel = new Channel<HarProgress>();
    channel.onmessage = onProgress;
    if (!file) return commands.readHar(id, channel);
    await commands.expectHar(file.name, file.size);
    const read = commands.readDroppedHar(id, channel);
    const [found] = await Promise.all([read, hand(file)]);
    return found;
  },
  async cancelHar() {
    await commands.cancelHar();
  },
  beginBundle: commands.beginBundle,
  makeBundle: commands.makeBundle,
  readBundle: commands.readBundle,
  saveBundle: commands.saveBundle,
  symptoms: commands.symptoms,
  consult: commands.consult,
  lookAtProvider: commands.lookAtProvider,
  diagnoseText: commands.diagnoseText,
  practiceFaults: commands.practiceFaults,
  setPracticeFault: commands.setPracticeFault,
  checklist: commands.checklist,
  writeAs: commands.writeAs,
  exportService: commands.exportService,
  chooseService: commands.chooseService,
  async print() {
    window.print();
  },
  copy: copyText,
  async setTitle(text) {
    document.title = text;
    await getCurrentWindow().setTitle(text);
  },
};

/** Hands over a dropped recording, part by part, for as long as more is wanted. */
async function hand(file: File): Promise<void> {
  try {
    for await (const part of partsOf(file)) {
      if (!(await commands.giveHar(part))) return;
    }
    await commands.giveHar("");
  } catch (thrown) {
    await commands.cancelHar();
    throw thrown;
  }
}
